#if SQLite
  import ModelRegistry
  import Synchronization
  import Testing

  @testable import SQLiteStore

  /// Which writes share a transaction.
  @Suite struct WaitingWritesTests {
    /// Half of those who are about, whether they wait already or were answered last.
    @Test(arguments: [
      (done: 0, waiting: 1, taken: 1), (done: 1, waiting: 0, taken: 0),
      (done: 1, waiting: 2, taken: 2), (done: 8, waiting: 8, taken: 8),
      (done: 1, waiting: 15, taken: 8), (done: 8, waiting: 3, taken: 3),
      (done: 8, waiting: 7, taken: 7), (done: 0, waiting: 5, taken: 3),
      (done: 0, waiting: 1_000, taken: SQLiteStoreLimits.batchWrites),
    ])
    func takesHalf(_ done: Int, _ waiting: Int, _ taken: Int) async {
      let queue = Queue()
      await queue.hold(waiting) {
        $0.leave(after: done)
        #expect($0.callers == done + waiting)
        let batch = $0.takeHalf()
        #expect(batch.count == taken)
        #expect($0.count == waiting - taken)
        return batch
      }
    }

    /// What nobody has taken is taken by and by, in the order in which it came, and once.
    @Test func nothingIsLeftBehind() async {
      let queue = Queue()
      await queue.hold(1_001) {
        var all: [WaitingWrite] = []
        var transactions = 0
        while $0.goesOn(false) {
          let batch = $0.takeHalf()
          all += batch
          transactions += 1
          $0.leave(after: batch.count)
        }
        #expect(all.map(\.size) == Array(1...1_001))
        #expect($0.bytes == 0)
        // So many as half of all who were about, which is more than fits.
        #expect(transactions == 1_001 / SQLiteStoreLimits.batchWrites + 1)
        return all
      }
    }

    /// A transaction has so many bytes, but for its first write.
    @Test func largeOnesAreAlone() async {
      let queue = Queue(sizes: { _ in SQLiteStoreLimits.batchBytes / 2 + 1 })
      await queue.hold(3) {
        let batches = [$0.take(), $0.take(), $0.take(), $0.take()]
        #expect(batches.map(\.count) == [1, 1, 1, 0])
        return batches.flatMap(\.self)
      }
    }

    /// Only one leads at a time, and nobody who comes meanwhile begins another transaction.
    @Test func oneAtATime() async {
      var waiting = WaitingWrites()
      var leads: [Bool] = [waiting.lead(), waiting.lead()]
      waiting.leave(after: 1)
      leads.append(waiting.goesOn(false))
      leads.append(waiting.lead())
      waiting.leave(after: 1)
      leads += [waiting.goesOn(true), waiting.lead()]
      #expect(leads == [true, false, false, true, true, false])
    }
  }

  /// Callers that wait, whose answers are given in the end.
  private final class Queue: Sendable {
    private let waiting = Mutex(WaitingWrites())
    private let sizes: @Sendable (Int) -> Int

    /// - Parameter sizes: the bytes of the first write, of the second and so on.
    init(sizes: @escaping @Sendable (Int) -> Int = { $0 }) { self.sizes = sizes }

    /// - Parameter body: gives back what it has taken; all others are answered, too.
    func hold(
      _ callers: Int, _ body: @Sendable (inout WaitingWrites) -> [WaitingWrite]
    ) async {
      await withTaskGroup(of: Void.self) { tasks in
        for number in 0..<callers {
          tasks.addTask { [self] in
            _ = await withCheckedContinuation { answer in
              waiting.withLock {
                _ = $0.add(
                  WaitingWrite(work: .resolve([]), size: sizes(number + 1), answer: answer))
              }
            }
          }
          while waiting.withLock({ $0.count }) <= number { await Task.yield() }
        }
        let held = waiting.withLock { body(&$0) + $0.take() + $0.take() + $0.take() + $0.take() }
        for write in held { write.answer.resume(returning: .success(.done)) }
      }
    }
  }
#endif
