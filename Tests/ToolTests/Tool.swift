import Foundation
import Testing

/// The built executable, run as a user runs it.
enum Tool {
  /// What came of one run.
  struct Run {
    var status: Int32
    var output: String
    var errors: String

    /// Everything that a user sees, for golden files.
    func transcript(_ arguments: [String]) -> String {
      let shown = arguments.map { argument in
        guard argument.contains(where: { " '\"(){}$&|".contains($0) }) else { return argument }
        return argument.contains("'") ? "\"\(argument)\"" : "'\(argument)'"
      }
      var text = "$ modelgate \(shown.joined(separator: " "))\n\(output)"
      if !errors.isEmpty { text += "--- standard error\n\(errors)" }
      return text + "--- exit status \(status)\n"
    }

    /// The lines of standard output, each one JSON document.
    var documents: [[String: Any]] {
      output.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }
  }

  private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let root = here.deletingLastPathComponent().deletingLastPathComponent()
  static let fixtures = here.appendingPathComponent("Fixtures")
  static let golden = here.appendingPathComponent("Golden")

  /// The executable stands beside the bundle of the tests.
  static let executable: URL = {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    var folder = tests.deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("modelgate")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    return URL(fileURLWithPath: "modelgate")
  }()

  /// A folder of this test alone.
  static func scratch() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "modelgate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  static func process(_ arguments: [String], in folder: URL, _ environment: [String: String])
    -> Process
  {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var all = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "TERM"] { all[name] = nil }
    process.environment = all.merging(environment) { _, new in new }
    return process
  }

  /// Runs it to its end. Output goes to files, so that nobody waits for a full pipe.
  static func run(
    _ arguments: [String], in folder: URL = fixtures, input: Data = Data(),
    environment: [String: String] = [:]
  ) throws -> Run {
    let scratch = try scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = try ["in", "out", "err"].map { name in
      let file = scratch.appendingPathComponent(name)
      try (name == "in" ? input : Data()).write(to: file)
      return file
    }
    let process = process(arguments, in: folder, environment)
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }

  /// Compares with `Golden/<name>.txt`; `UPDATE_GOLDEN=1` writes it anew. Revisions change with
  /// every fixture and are left out.
  static func check(
    golden name: String, _ actual: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let actual = actual.replacing(/[0-9a-f]{64}/, with: "<revision>").replacing(
      /revision [0-9a-f]{12}/, with: "revision <revision>"
    ).replacing(/time="[0-9.]+"/, with: "time=\"<time>\"")
    let file = golden.appendingPathComponent("\(name).txt")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      return try Data(actual.utf8).write(to: file)
    }
    let expected = try? String(contentsOf: file, encoding: .utf8)
    guard let expected else {
      Issue.record(
        "there is no \(file.path): run with UPDATE_GOLDEN=1", sourceLocation: sourceLocation)
      return
    }
    guard Array(expected.utf8) != Array(actual.utf8) else { return }
    let (old, new) = (
      expected.split(separator: "\n", omittingEmptySubsequences: false),
      actual.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let line =
      zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(old.count, new.count)
    Issue.record(
      """
      \(name).txt differs from line \(line + 1) on
      expected: \(old.dropFirst(line).prefix(6).joined(separator: "\n          "))
      actual:   \(new.dropFirst(line).prefix(6).joined(separator: "\n          "))
      """, sourceLocation: sourceLocation)
  }
}
