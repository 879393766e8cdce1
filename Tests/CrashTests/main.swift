#if SQLite
  import Foundation
  import SQLiteStore

  // crash-tests all|kill|registry|reload|migrations|power-loss|disk [--cycles N] [--points N]
  //   [--registry-cycles N] [--registry-points N] [--operations N] [--migrations N] [--commits N]
  //   [--seed N]
  // What it prints are the figures; the status is 0 if everything held.
  let arguments = Array(CommandLine.arguments.dropFirst())

  func option(_ name: String, _ value: Int) -> Int {
    guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else {
      return value
    }
    return Int(arguments[place + 1]) ?? value
  }

  switch arguments.first {
  case "worker" where arguments.count == 7:
    let worker = Worker(
      path: arguments[1], acknowledgements: try Acknowledgements(arguments[2]),
      seed: UInt64(arguments[3]) ?? 0,
      callers: Int(arguments[4]) ?? 1, limit: Int(arguments[5]) ?? .max,
      syncs: arguments[6] == "full")
    try await worker.run()
  case "registry-worker" where arguments.count == 7:
    let worker = RegistryWorker(
      path: arguments[1], journal: try Acknowledgements(arguments[2]),
      seed: UInt64(arguments[3]) ?? 0,
      callers: Int(arguments[4]) ?? 1, limit: Int(arguments[5]) ?? .max,
      syncs: arguments[6] == "full")
    try await worker.run()
  case "migrate" where arguments.count == 2:
    _ = try MigrationTest.open(arguments[1])
  case "failing-sync" where arguments.count == 2:
    exit(try await DiskTest.meetFailingSync(arguments[1]) ? 0 : 1)
  default: try await runTests()
  }

  /// The name of the test to run. A name that there is not would run nothing, and nothing fails.
  func chosenTest() -> String {
    let names = ["all", "kill", "registry", "reload", "migrations", "power-loss", "disk"]
    let name = arguments.first { !$0.hasPrefix("-") } ?? "all"
    guard names.contains(name), !arguments.contains("--help") else {
      Tool.say(
        "crash-tests [NAME] [--OPTION NUMBER …]; names: \(names.joined(separator: ", "))")
      exit(64)
    }
    return name
  }

  func runTests() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "modelgate-crash-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let what = chosenTest()
    let seed = UInt64(option("--seed", Int(Date().timeIntervalSince1970)))
    Tool.say("seed \(seed)")
    func isWanted(_ name: String) -> Bool { what == name || what == "all" }
    var isGood = true
    if isWanted("kill") {
      let test = KillTest(folder: folder, cycles: option("--cycles", 200), seed: seed)
      isGood = try await test.run() && isGood
    }
    if isWanted("registry") {
      let test = RegistryKillTest(
        folder: folder, cycles: option("--registry-cycles", 200), seed: seed)
      isGood = try await test.run() && isGood
    }
    if isWanted("reload") {
      let test = ReloadTest(operations: option("--operations", 20_000), seed: seed)
      isGood = try await test.run() && isGood
    }
    if isWanted("migrations") {
      let test = MigrationTest(folder: folder, cycles: option("--migrations", 40), seed: seed)
      isGood = try await test.run() && isGood
    }
    if isWanted("power-loss") || isWanted("disk") {
      let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Recorder.c").path
      let recorder = "\(folder)/recorder.so"
      let flags = ["-shared", "-fPIC", "-O1", "-o", recorder, source, "-ldl", "-lpthread"]
      guard Tool.run("clang", flags) == 0 || Tool.run("cc", flags) == 0 else {
        Tool.say("the recorder can't be compiled: neither clang nor cc did it")
        exit(1)
      }
      if isWanted("power-loss") {
        let test = PowerLossTest(
          folder: folder, recorder: recorder, points: option("--points", 400),
          commits: option("--commits", 600), seed: seed, load: StoreLoad())
        isGood = try await test.run() && isGood
        let registry = PowerLossTest(
          folder: folder, recorder: recorder, points: option("--registry-points", 100),
          commits: option("--commits", 600) / 2, seed: seed, load: RegistryLoad())
        isGood = try await registry.run() && isGood
      }
      if isWanted("disk") {
        let test = DiskTest(folder: folder, recorder: recorder)
        isGood = try await test.full() && isGood
        isGood = try await test.readOnly() && isGood
        isGood = try test.failingSync() && isGood
      }
    }
    exit(isGood ? 0 : 1)
  }
#endif
