#if CLI
  import ArgumentParser
  import Dispatch

  /// Where the process begins.
  ///
  /// Commands that wait for nothing run on the main thread, and nothing else is started for them: an
  /// asynchronous `main` gives that thread up, and in a static binary that takes longer than all of
  /// `--version`.
  @main
  enum EntryPoint {
    static func main() {
      do {
        var command = try ModelGate.parseAsRoot()
        guard command is any AsyncParsableCommand else { return try command.run() }
      } catch {
        ModelGate.exit(withError: error)
      }
      // Parsed once more where it runs: a command can't be handed from one thread to another.
      Task {
        await ModelGate.main()
        ModelGate.exit()
      }
      dispatchMain()
    }
  }
#endif
