#if Server
  import Foundation
  import Testing

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// Asking at a terminal: twice, without showing what is typed, and leaving the terminal as it was.
  @Suite struct PasswordPromptTests {
    /// A terminal that a test holds the other end of.
    final class Terminal {
      let master: FileHandle
      let slave: FileHandle

      init() throws {
        var (own, other): (Int32, Int32) = (-1, -1)
        let status = unsafe openpty(&own, &other, nil, nil, nil)
        try #require(status == 0)
        master = FileHandle(fileDescriptor: own, closeOnDealloc: true)
        slave = FileHandle(fileDescriptor: other, closeOnDealloc: true)
      }

      /// Whether what is typed is shown.
      var echoes: Bool {
        var settings = termios()
        guard unsafe tcgetattr(slave.fileDescriptor, &settings) == 0 else { return false }
        return settings.c_lflag & tcflag_t(ECHO) != 0
      }
    }

    /// Types the lines, each when the terminal is silent, and says how the command ended.
    static func type(_ lines: [String], _ arguments: [String], in folder: URL) throws -> (
      status: Int32, errors: String, echoed: String, isAsItWas: Bool
    ) {
      let terminal = try Terminal()
      let process = Tool.process(arguments, in: folder, [:])
      let errors = folder.appendingPathComponent("errors")
      try Data().write(to: errors)
      process.standardInput = terminal.slave
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      for (index, line) in lines.enumerated() {
        // The prompt is written once the terminal is silent.
        let prompt = ["Password: ", "Again: "][index]
        while process.isRunning,
          try !String(contentsOf: errors, encoding: .utf8).contains(prompt)
        { usleep(1_000) }
        try terminal.master.write(contentsOf: Data(line.utf8))
      }
      process.waitUntilExit()
      let flags = fcntl(terminal.master.fileDescriptor, F_GETFL)
      _ = fcntl(terminal.master.fileDescriptor, F_SETFL, flags | O_NONBLOCK)
      let echoed = (try? terminal.master.read(upToCount: 4_096)) ?? Data()
      return (
        process.terminationStatus, try String(contentsOf: errors, encoding: .utf8),
        String(decoding: echoed, as: UTF8.self), terminal.echoes
      )
    }

    static let cases: [(lines: [String], status: Int32, words: String)] = [
      (["correct horse\n", "correct horse\n"], 0, "Again: "),
      // Corrected while typing: one character of two bytes, and a whole line.
      (["correct hé\u{7F}orse\n", "wrong\u{15}correct horse\r"], 0, "Again: "),
      (["correct horse\n", "correct hors\n"], 1, "the two passwords differ"),
      (["correct\u{3}"], 1, "interrupted"), (["short\n", "short\n"], 1, "shorter than 8 bytes"),
    ]

    @Test(arguments: cases) func thePasswordIsAskedForTwice(
      _ lines: [String], _ status: Int32, _ words: String
    ) throws {
      let folder = try Tool.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      let run = try Self.type(lines, ["users", "add", "alice"], in: folder)
      #expect(run.status == status)
      #expect(run.errors.contains(words))
      #expect(!run.echoed.contains("correct") && !run.echoed.contains("short"))
      #expect(run.isAsItWas)
    }
  }
#endif
