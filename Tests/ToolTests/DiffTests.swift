import Foundation
import Testing

/// `modelgate diff` with revisions of git.
@Suite struct DiffTests {
  private static func git(_ arguments: [String], in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"] + arguments
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  static let hasGit = ["/usr/bin/git", "/usr/local/bin/git", "/bin/git"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: hasGit)) func comparesRevisions() throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let policies = folder.appendingPathComponent("policies")
    try FileManager.default.createDirectory(at: policies, withIntermediateDirectories: true)
    let file = policies.appendingPathComponent("a.json")
    func write(_ name: String) throws {
      try? FileManager.default.removeItem(at: file)
      try FileManager.default.copyItem(
        at: Tool.fixtures.appendingPathComponent("diff/\(name).json"), to: file)
    }
    try Self.git(["init", "-q"], in: folder)
    try write("old")
    // What is no rule file in a folder is none in a revision.
    try Data("{}".utf8).write(to: policies.appendingPathComponent("x.schema.json"))
    try Self.git(["add", "-A"], in: folder)
    try Self.git(["commit", "-q", "-m", "old"], in: folder)
    try write("new")
    try Self.git(["add", "-A"], in: folder)
    try Self.git(["commit", "-q", "-m", "new"], in: folder)
    let expected = try Tool.run(
      ["diff", "diff/old.json", "diff/new.json", "--format", "json"])
    func changes(_ run: Tool.Run) throws -> [[String: Any]] {
      try #require(run.documents.first?["changes"] as? [[String: Any]])
    }
    for arguments in [
      ["diff", "HEAD~1", "HEAD", "--format", "json", "--", "policies"],
      ["diff", "HEAD~1:policies", "HEAD:policies/", "--format", "json"],
      ["diff", "HEAD~1:policies", "policies", "--format", "json"],
      ["diff", "HEAD~1:.", "HEAD:./policies", "--format", "json"],
    ] {
      let run = try Tool.run(arguments, in: folder)
      #expect(run.errors == "")
      #expect(
        try changes(run).map { $0["verdict"] as? String }
          == changes(expected).map { $0["verdict"] as? String })
    }
    // A revision is a name and nothing else.
    let hostile = try Tool.run(["diff", "$(touch owned):policies", "policies"], in: folder)
    #expect(hostile.status == 1)
    #expect(hostile.errors.contains("git can't read"))
    #expect(
      !FileManager.default.fileExists(atPath: folder.appendingPathComponent("owned").path))
  }
}
