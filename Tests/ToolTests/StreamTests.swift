import Foundation
import Testing

/// Streams, hostile inputs, terminals: what can't be kept in a golden file.
@Suite struct StreamTests {
  /// A request that is allowed, on one line.
  static let request: String = {
    let file = Tool.fixtures.appendingPathComponent("requests/allow.json")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").joined()
  }()

  static let policies = Tool.fixtures.appendingPathComponent("policies").path

  static func check(_ text: Data, _ arguments: String...) throws -> Tool.Run {
    try Tool.run(["check", "-", "--policies", policies] + arguments, input: text)
  }

  /// Who asks and waits for the answer before asking again gets it.
  @Test func answersEachLineAsItComes() throws {
    let process = Tool.process(["check", "-", "--format", "json"], in: Tool.fixtures, [:])
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    for _ in 0..<3 {
      try input.fileHandleForWriting.write(contentsOf: Data("\(Self.request)\n".utf8))
      var line = Data()
      while line.last != 0x0A {
        let more = output.fileHandleForReading.availableData
        try #require(!more.isEmpty)
        line += more
      }
      #expect(String(decoding: line, as: UTF8.self).hasPrefix(#"{"decision":true"#))
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  #if os(Linux)
    /// A long stream takes no more memory than a short one.
    @Test func memoryDoesNotGrow() throws {
      let process = Tool.process(["check", "-", "--format", "json"], in: Tool.fixtures, [:])
      let input = Pipe()
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let padding = String(repeating: "x", count: 64 << 10)
      let line = Self.request.dropLast() + #", "padding": "\#(padding)"}"# + "\n"
      let megabyte = Data(String(repeating: String(line), count: 16).utf8)
      func send(_ count: Int) throws -> Int {
        for _ in 0..<count { try input.fileHandleForWriting.write(contentsOf: megabyte) }
        return try Self.peakKilobytes(process.processIdentifier)
      }
      let early = try send(4)
      let late = try send(60)
      #expect(late - early < 2_048, "from \(early) kB to \(late) kB")
      #expect(late < 100 << 10)
      try input.fileHandleForWriting.close()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }

    static func peakKilobytes(_ process: Int32) throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(Int(line.filter(\.isNumber)))
    }

    /// An answer that could not be written is not a success.
    @Test func aFullDiskIsAnError() throws {
      let process = Tool.process(["check", "requests/allow.json"], in: Tool.fixtures, [:])
      process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
      let text = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
      #expect(text == "error: standard output can't be written: no space left on device\n")
    }
  #endif

  @Test func aBrokenPipeEndsQuietly() throws {
    let scratch = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let file = scratch.appendingPathComponent("many.ndjson")
    try Data(String(repeating: "\(Self.request)\n", count: 2_000).utf8).write(to: file)
    let process = Tool.process(["check", file.path], in: Tool.fixtures, [:])
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try output.fileHandleForReading.close()
    try process.run()
    try output.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus != 0)
    #expect(errors.fileHandleForReading.availableData.isEmpty)
  }

  // MARK: Shapes

  @Test(arguments: ["\n", "\r\n", "\n\n \n"]) func linesEndAsTheyMay(_ end: String) throws {
    let text = Array(repeating: Self.request, count: 3).joined(separator: end)
    let run = try Self.check(Data(text.utf8), "--format", "json")
    #expect(run.documents.count == 3)
    #expect(run.status == 0)
  }

  @Test func aRequestMayTakeManyLines() throws {
    let text = try Data(contentsOf: Tool.fixtures.appendingPathComponent("requests/allow.json"))
    let run = try Self.check(Data("\n\n".utf8) + text + Data("\n\n".utf8), "--format", "json")
    #expect(run.documents.count == 1)
    #expect(run.status == 0)
  }

  @Test func badLinesAreToldByTheirNumber() throws {
    let lines = ["", Self.request, "{", "7", "\u{FEFF}{}", Self.request]
    let run = try Self.check(Data(lines.joined(separator: "\n").utf8), "--format", "json")
    let errors = run.documents.map { ($0["context"] as? [String: Any])?["error"] as? [String: Any] }
    #expect(errors.map { $0?["line"] as? Int } == [nil, 3, 4, 5, nil])
    #expect(run.status == 1)
  }

  /// A stream answers each line as if it were alone, in order; so do several files.
  @Test func aStreamEqualsItsRequests() throws {
    let names = ["allow", "deny", "warn", "invalid", "deny", "refused", "batch", "audit"]
    let files = names.map { "requests/\($0).json" }
    let singles = try files.map {
      try Tool.run(["check", $0, "--format", "json", "--explain"]).output
    }
    let lines = try files.map { file in
      try String(contentsOf: Tool.fixtures.appendingPathComponent(file), encoding: .utf8)
        .split(separator: "\n").joined()
    }
    let stream = try Self.check(
      Data(lines.joined(separator: "\n").utf8), "--format", "json", "--explain")
    let expected = singles.joined()
    #expect(stream.output.replacing(Self.policies, with: "policies") == expected)
    #expect(try Tool.run(["check"] + files + ["--format", "json", "--explain"]).output == expected)
  }

  // MARK: Hostile inputs

  @Test func aLineThatIsTooLongIsSkipped() throws {
    let long = #"{"subject": ""# + String(repeating: "x", count: 17 << 20) + "\"}"
    let run = try Self.check(
      Data([Self.request, long, Self.request].joined(separator: "\n").utf8), "--format", "json")
    #expect(run.documents.map { $0["decision"] as? Bool } == [true, false, true])
    #expect(run.status == 1)
  }

  @Test(arguments: [true, false]) func aHundredMegabytesAreRefused(_ isOneLine: Bool) throws {
    let scratch = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let file = scratch.appendingPathComponent("huge.json")
    let filling =
      isOneLine ? String(repeating: "x", count: 1_000) : String(repeating: "\n 1,", count: 250)
    try Data((isOneLine ? "{\"a\": \"" : "[").utf8).write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    let megabyte = Data(String(repeating: filling, count: 1_000).utf8)
    for _ in 0..<100 { try handle.write(contentsOf: megabyte) }
    try handle.close()
    let run = try Tool.run(["check", file.path])
    #expect(run.status == 1)
    #expect(run.errors.contains("is too long: a request may have 16777216 bytes"))
    #expect(run.errors.split(separator: "\n").count == 2)
  }

  @Test(arguments: ["[", "{\"a\":", "{\"subject\":["]) func deepNestingIsRefused(_ opening: String)
    throws
  {
    let run = try Self.check(Data(String(repeating: opening, count: 100_000).utf8))
    #expect(run.status == 1)
    #expect(run.errors.contains("[json-tooDeep]"))
    #expect(run.errors.utf8.count < 1_000)
  }

  @Test func randomBytesNeverCrash() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<10 {
      let seed = UInt64.random(in: 0 ... .max, using: &random)
      var state = seed
      let bytes = (0..<2_000).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      let run = try Self.check(Data(bytes))
      #expect(run.status == 1, "seed \(seed)")
    }
  }

  // MARK: Colours

  @Test(arguments: [
    (["CLICOLOR_FORCE": "1"], true), (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
    ([:], false),
    (["CLICOLOR_FORCE": "0"], false), (["CLICOLOR_FORCE": "1", "TERM": "dumb"], true),
  ])
  func coloursAreSwitched(_ environment: [String: String], _ isColoured: Bool) throws {
    let run = try Tool.run(["check", "requests/deny.json"], environment: environment)
    #expect(run.output.contains("\u{1B}[") == isColoured)
  }
}
