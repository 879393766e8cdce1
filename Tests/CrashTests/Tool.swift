#if SQLite
  import Foundation

  /// Processes and files.
  enum Tool {
    static let executable = CommandLine.arguments[0]

    /// Tells at once: whoever waits sees how far it is.
    static func say(_ text: String) {
      try? FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
    }

    static func worker(
      _ kind: String, _ path: String, _ acknowledgements: String, seed: UInt64, callers: Int,
      limit: Int = .max, syncs: Bool = true
    ) -> Process {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: executable)
      process.arguments = [
        kind, path, acknowledgements, "\(seed)", "\(callers)", "\(limit)",
        syncs ? "full" : "normal",
      ]
      return process
    }

    static func empty(_ path: String) throws {
      try Data().write(to: URL(fileURLWithPath: path))
    }

    static func size(_ path: String) -> Int {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    /// Lines that were written completely.
    static func lines(_ path: String) -> [String] {
      let data = FileManager.default.contents(atPath: path) ?? Data()
      var lines = String(decoding: data, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      lines.removeLast()
      return lines.map(String.init)
    }

    /// Runs a program to its end; its status.
    static func run(_ program: String, _ arguments: [String]) -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [program] + arguments
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return 127 }
      process.waitUntilExit()
      return process.terminationStatus
    }
  }
#endif
