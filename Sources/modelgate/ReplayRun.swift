#if CLI
  import CEL
  import Compliance
  import Dispatch
  import PolicyEngine
  import Synchronization

  /// One run of `modelgate replay`: the log in blocks of whole lines, a block for each core, put
  /// together in the order of the log. Memory is bounded by the blocks.
  final class ReplayRun {
    /// One worker; nobody else uses it while a block is being replayed.
    private final class Lane: Sendable {
      let worker: Mutex<ReplayWorker>
      init(_ worker: consuming ReplayWorker) { self.worker = Mutex(worker) }
    }

    private struct Block: Sendable {
      var text: [UInt8]
      var line: Int
    }

    private let lanes: [Lane]
    private var tally = ReplayTally()
    /// What was read and not yet handed out.
    private var rest: [UInt8] = []
    private var line = 1
    private var isAtEnd = false
    /// Whether the rest is part of a line that is too long to be one.
    private var isSkipping = false
    /// Lines that were skipped, and not yet told of.
    private var tooLong: [Int] = []

    private static let blockSize = 4 << 20
    private static let lineEnd = UInt8(ascii: "\n")

    init(_ replay: Replay) {
      let cores = max(1, min(16, System.cores))
      lanes = (0..<cores).map { _ in Lane(replay.makeWorker()) }
    }

    /// Replays a log to its end.
    func run(_ path: String) throws(System.Refusal) -> ReplayTally {
      let file = try InputFile(path)
      var progress = Progress(total: file.size)
      defer { progress.finish() }
      var bytes = 0
      while true {
        var blocks: [Block] = []
        while blocks.count < lanes.count, let block = try next(file) {
          bytes += block.text.count
          blocks.append(block)
        }
        guard !blocks.isEmpty else {
          refuseLongLines()
          return tally
        }
        for part in replay(blocks) { tally.merge(part) }
        refuseLongLines()
        progress.update(bytes: bytes, requests: tally.decisions)
      }
    }

    private func replay(_ blocks: [Block]) -> [ReplayTally] {
      let results = Mutex([ReplayTally](repeating: ReplayTally(), count: blocks.count))
      let lanes = lanes
      DispatchQueue.concurrentPerform(iterations: blocks.count) { index in
        let part = lanes[index].worker.withLock { worker in
          worker.replay(blocks[index].text, from: blocks[index].line)
        }
        results.withLock { $0[index] = part }
      }
      return results.withLock { $0 }
    }

    private func refuseLongLines() {
      for line in tooLong {
        tally.refuse(
          line, "the line is too long: a record may have \(EngineLimits.requestBytes) bytes")
      }
      tooLong = []
    }

    // MARK: Reading

    /// The next block of whole lines; nil at the end.
    private func next(_ file: InputFile) throws(System.Refusal) -> Block? {
      while true {
        while !isAtEnd, rest.count < Self.blockSize {
          isAtEnd = try file.read(Self.blockSize, onto: &rest) == 0
        }
        if isSkipping {
          guard skip() else { return nil }
          if isSkipping { continue }
        }
        guard !rest.isEmpty else { return nil }
        if isAtEnd { return take(rest.count) }
        if let end = rest.lastIndex(of: Self.lineEnd) { return take(end + 1) }
        // No line ends here. A longer block may hold it; a line that no request fits into is
        // skipped.
        if rest.count > EngineLimits.requestBytes {
          tooLong.append(line)
          isSkipping = true
          rest.removeAll()
        } else {
          isAtEnd = try file.read(Self.blockSize, onto: &rest) == 0
        }
      }
    }

    /// Drops what is left of a long line; whether it ended.
    private func skip() -> Bool {
      guard let end = rest.firstIndex(of: Self.lineEnd) else {
        rest.removeAll()
        return !isAtEnd
      }
      rest.removeFirst(end + 1)
      line += 1
      isSkipping = false
      return true
    }

    private func take(_ count: Int) -> Block {
      let text = count == rest.count ? rest : Array(rest[..<count])
      rest = count == rest.count ? [] : Array(rest[count...])
      let block = Block(text: text, line: line)
      var lines = 0
      var place = System.firstIndex(of: Self.lineEnd, in: text, from: 0)
      while let end = place {
        lines += 1
        place = System.firstIndex(of: Self.lineEnd, in: text, from: end + 1)
      }
      line += lines
      return block
    }
  }
#endif
