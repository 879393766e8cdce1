import Synchronization

/// Where those who change the same thing wait for each other, once somebody was overtaken.
///
/// Of many who judge by the same facts and commit, one succeeds, and all others have judged in
/// vain. Without a line, the same ones may be overtaken again and again. Nothing depends on it but
/// time: whoever has the turn may still be overtaken, by another process for one.
final class TurnLines: Sendable {
  private let lines = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])

  /// Whether somebody has the turn at a target.
  func isTaken(_ target: String) -> Bool { lines.withLock { $0[target] != nil } }

  /// How many wait for their turn, for tests.
  func waiting(_ target: String) -> Int { lines.withLock { $0[target]?.count ?? 0 } }

  /// Returns when it is the caller's turn. The caller must `leave`.
  func enter(_ target: String) async {
    await withCheckedContinuation { turn in
      let isFirst = lines.withLock { lines in
        guard lines[target] != nil else {
          lines[target] = []
          return true
        }
        lines[target]?.append(turn)
        return false
      }
      if isFirst { turn.resume() }
    }
  }

  /// Gives the turn to whoever has waited longest.
  func leave(_ target: String) {
    let next = lines.withLock { lines -> CheckedContinuation<Void, Never>? in
      guard lines[target]?.isEmpty == false else {
        lines[target] = nil
        return nil
      }
      return lines[target]?.removeFirst()
    }
    next?.resume()
  }
}
