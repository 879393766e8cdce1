#if CLI
  import Synchronization

  /// A bar on standard error while something takes long and somebody is watching.
  struct Progress: Sendable {
    private var total: Int?
    private let width: Int
    private let isWatched: Bool
    private let start = ContinuousClock.now
    private let patience: Duration
    private var drawn: ContinuousClock.Instant?

    private static let interval = Duration.milliseconds(100)

    /// `total` is in whatever unit is counted. Nothing is drawn when answers go to a terminal: they are progress
    /// enough, unless they come all at once in the end.
    /// Nothing is drawn either before `patience` has run out.
    init(
      total: Int?, isSilent: Bool = false, patience: Duration = .milliseconds(500)
    ) {
      self.total = total
      self.patience = patience
      isWatched =
        System.isTerminal(System.standardError)
        && (isSilent || !System.isTerminal(System.standardOutput))
        && System.environment("TERM") != "dumb"
      width = isWatched ? System.width(System.standardError) ?? 80 : 0
    }

    /// Draws, if it is time to.
    mutating func update(bytes: Int, requests: Int) {
      update(bytes, "\(Self.megabytes(bytes)) MB, \(requests) requests")
    }

    /// Draws, if it is time to: how much of the total is done, and what to say of it.
    mutating func update(_ done: Int, _ words: @autoclosure () -> String) {
      guard isWatched else { return }
      let now = ContinuousClock.now
      guard now - start > patience, drawn.map({ now - $0 > Self.interval }) ?? true else {
        return
      }
      drawn = now
      let text = words()
      guard let total, total > 0 else { return draw(text) }
      let share = min(1, Double(done) / Double(total))
      let room = max(4, min(40, width - text.utf8.count - 12))
      let filled = Int(share * Double(room))
      let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: room - filled)
      let percent = "\(Int(share * 100))%"
      draw("\(String(repeating: " ", count: 4 - percent.utf8.count))\(percent) [\(bar)] \(text)")
    }

    /// The same where the total is only known by now.
    mutating func update(_ done: Int, of total: Int, _ words: @autoclosure () -> String) {
      self.total = total
      update(done, words())
    }

    /// Takes the bar away.
    mutating func finish() {
      guard drawn != nil else { return }
      drawn = nil
      draw("")
    }

    private func draw(_ text: String) {
      try? System.write(Array("\r\u{1B}[K\(text.prefix(width - 1))".utf8), to: System.standardError)
    }

    private static func megabytes(_ bytes: Int) -> String {
      let tenths = bytes / 100_000
      return "\(tenths / 10).\(tenths % 10)"
    }
  }

  /// The bar of a long load.
  final class LoadBar: Sendable {
    private let progress = Mutex(
      Progress(total: nil, isSilent: true, patience: .milliseconds(300)))

    func update(_ done: Int, _ all: Int) {
      progress.withLock { $0.update(done, of: all, "\(done) of \(all) rules") }
    }

    /// Takes it away.
    func finish() { progress.withLock { $0.finish() } }
  }
#endif
