import Foundation
import Testing

/// Logs that are too long for a golden file.
@Suite struct ReplayTests {
  /// Blocks end anywhere, also inside of lines; every line counts once.
  @Test func longLogsAreReadInBlocks() throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = folder.appendingPathComponent("log.ndjson")
    let line = "{\"request\":\(StreamTests.request),\"decision\":true}\n"
    let count = 20_000
    var text = Data()
    for index in 0..<count {
      text += Data((index == 12_345 ? "nothing\n" : line).utf8)
    }
    #expect(text.count > 4 << 20)
    try text.write(to: log)
    let run = try Tool.run(["replay", log.path, "--policies", "policies", "--format", "json"])
    let answer = try #require(run.documents.first)
    #expect(answer["decisions"] as? Int == count - 1)
    #expect(answer["same"] as? Int == count - 1)
    #expect(answer["unusable"] as? Int == 1)
    let faults = answer["faults"] as? [[String: Any]]
    #expect(faults?.first?["line"] as? Int == 12_346)
    #expect(run.status == 1)
  }

  /// A line that no record fits into is skipped, told of, and does not hide the next one.
  @Test func linesThatAreTooLong() throws {
    let line = "{\"request\":\(StreamTests.request),\"decision\":true}\n"
    var text = Data(line.utf8)
    text += Data(repeating: 0x78, count: 30 << 20) + Data("\n".utf8) + Data(line.utf8)
    let run = try Tool.run(
      ["replay", "-", "--policies", "policies", "--format", "json"], input: text)
    let answer = try #require(run.documents.first)
    #expect(answer["decisions"] as? Int == 2)
    let faults = answer["faults"] as? [[String: Any]]
    #expect(faults?.map { $0["line"] as? Int } == [2])
    #expect(run.status == 1)
  }
}
