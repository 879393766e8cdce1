#if SQLite
  import Foundation

  /// Runs workers for a while and kills them.
  struct Killing {
    let folder: String
    let seed: UInt64
    /// Which: `worker` or `registry-worker`.
    let worker: String

    /// What the workers of a cycle wrote, and how many of them ended by themselves.
    struct Remains {
      var lines: [[String]] = []
      var ended = 0
    }

    /// Runs the worker, or in every fourth cycle two of them on the one file.
    func run(_ path: String, _ cycle: Int, after seconds: Double) throws -> Remains {
      let count = cycle % 4 == 3 ? 2 : 1
      var workers: [Process] = []
      for number in 0..<count {
        try Tool.empty(acknowledgements(number))
        let process = Tool.worker(
          worker, path, acknowledgements(number),
          seed: seed &* 1_000_003 &+ UInt64(cycle * 2 + number), callers: cycle % 3 * 4 + 1)
        try process.run()
        workers.append(process)
      }
      // The moments count from the first line, or the kills would all hit the opening; some do.
      let begin = Date()
      if cycle % 8 != 0 {
        while workers[0].isRunning, Tool.size(acknowledgements(0)) == 0,
          -begin.timeIntervalSinceNow < 30
        {
          Thread.sleep(forTimeInterval: 0.001)
        }
      }
      Thread.sleep(forTimeInterval: seconds)
      for process in workers { Foundation.kill(process.processIdentifier, SIGKILL) }
      for process in workers { process.waitUntilExit() }
      return Remains(
        lines: (0..<count).map { Tool.lines(acknowledgements($0)) },
        ended: workers.count { $0.terminationReason != .uncaughtSignal })
    }

    private func acknowledgements(_ number: Int) -> String {
      "\(folder)/\(worker).acknowledged\(number)"
    }
  }
#endif
