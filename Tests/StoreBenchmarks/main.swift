#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract

  // store-bench [--only commits|gated|gated-raw|gated-one|gated-many|gated-reads|groups] [--groups N] [--folder DIR]: the store beside raw GRDB, taken in turn in one run.
  let arguments = Array(CommandLine.arguments.dropFirst())

  func option(_ name: String) -> String? {
    guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else {
      return nil
    }
    return arguments[place + 1]
  }

  let parent = option("--folder") ?? FileManager.default.temporaryDirectory.path
  let folder = "\(parent)/modelgate-bench-\(UUID().uuidString)"
  guard FileManager.default.fileExists(atPath: "policies") else {
    FileHandle.standardError.write(
      Data("store-bench: there is no folder `policies` here; run it where the checkout is\n".utf8))
    exit(2)
  }
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  print("| case | best | median | worst |\n|---|---|---|---|")
  let only = option("--only")
  if only ?? "commits" == "commits" { try await CommitBench(folder: folder).run() }
  if only ?? "gated" == "gated" { try await GatedBench(folder: folder).run() }
  if let only, only.hasPrefix("gated-") {
    try await GatedBench(folder: folder, part: String(only.dropFirst(6))).run()
  }
  if only ?? "groups" == "groups" {
    try await GroupBench(folder: folder, groups: Int(option("--groups") ?? "") ?? 1_000_000).run()
  }
#endif
