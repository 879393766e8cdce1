/// What objects do when nobody else is there: the rule that concurrent histories are held to.
public protocol SequentialModel {
  /// What an object is like.
  associatedtype State: Hashable
  /// A call together with its answer; an answer that never came is part of it as well.
  associatedtype Operation

  /// What the object is like at first.
  static var initial: State { get }

  /// The state after an operation; nil if the answer is impossible in this state. For an operation
  /// without an answer: the state if it took effect.
  static func step(_ state: State, _ operation: Operation) -> State?
}

/// An operation in a history, with the times of call and return by one clock.
public struct HistoryEvent<Operation> {
  /// What was called, and what came back.
  public var operation: Operation
  /// When it was called.
  public var called: UInt64
  /// When the answer came; nil if none did: then it may have taken effect at any time since, or
  /// never.
  public var returned: UInt64?

  /// An event from its parts.
  public init(_ operation: Operation, called: UInt64, returned: UInt64?) {
    (self.operation, self.called, self.returned) = (operation, called, returned)
  }
}

/// What a check found.
public enum Linearizability: Hashable, Sendable {
  /// There is an order of the operations that agrees with the clock and with the model.
  case holds
  /// There is none.
  case violated
  /// The search was given up after so many steps: nothing is known.
  case undecided
}

/// Searches an order of operations that explains a history of one object: the algorithm of Wing and
/// Gong with Lowe's memory of what was tried. Check objects that don't affect each other one by one.
public struct LinearizabilityChecker<Model: SequentialModel> {
  private struct Entry {
    var operation: Int
    var isCall: Bool
    var previous: Int
    var next: Int
    /// For a call: its return; -1 if there is none.
    var partner: Int
  }

  private struct Tried: Hashable {
    var done: [UInt64]
    var state: Model.State
  }

  private let history: [HistoryEvent<Model.Operation>]
  private var entries: [Entry] = []
  private var openReturns = 0

  /// A checker for one object's history, in any order.
  public init(_ history: [HistoryEvent<Model.Operation>]) {
    self.history = history
    link()
  }

  /// Calls and returns in order of time behind a sentinel; where times are equal calls come first,
  /// which allows more orders, never fewer.
  private mutating func link() {
    var moments: [(time: UInt64, isCall: Bool, operation: Int)] = []
    for (index, event) in history.enumerated() {
      moments.append((event.called, true, index))
      if let returned = event.returned { moments.append((returned, false, index)) }
    }
    moments.sort { ($0.time, $0.isCall ? 0 : 1) < ($1.time, $1.isCall ? 0 : 1) }
    entries = [Entry(operation: -1, isCall: false, previous: -1, next: -1, partner: -1)]
    var calls: [Int: Int] = [:]
    for moment in moments {
      let index = entries.count
      entries[index - 1].next = index
      entries.append(
        Entry(
          operation: moment.operation, isCall: moment.isCall, previous: index - 1, next: -1,
          partner: -1))
      if moment.isCall {
        calls[moment.operation] = index
      } else if let call = calls[moment.operation] {
        entries[call].partner = index
        openReturns += 1
      }
    }
  }

  /// Whether the history can be explained. Gives up after `limit` steps.
  public consuming func check(limit: Int = 10_000_000) -> Linearizability {
    var state = Model.initial
    var done = [UInt64](repeating: 0, count: (history.count + 63) / 64)
    var tried: Set<Tried> = []
    var taken: [(entry: Int, before: Model.State)] = []
    var entry = entries[0].next
    var steps = 0
    while openReturns > 0 {
      steps += 1
      if steps > limit { return .undecided }
      if entry >= 0, entries[entry].isCall {
        let operation = entries[entry].operation
        if let next = Model.step(state, history[operation].operation) {
          done[operation / 64] |= 1 << UInt64(operation % 64)
          if tried.insert(Tried(done: done, state: next)).inserted {
            taken.append((entry, state))
            state = next
            lift(entry)
            entry = entries[0].next
            continue
          }
          done[operation / 64] &= ~(1 << UInt64(operation % 64))
        }
        entry = entries[entry].next
        continue
      }
      // The first return that no order has reached yet: what was taken last was taken too early.
      guard let last = taken.popLast() else { return .violated }
      state = last.before
      let operation = entries[last.entry].operation
      done[operation / 64] &= ~(1 << UInt64(operation % 64))
      put(last.entry)
      entry = entries[last.entry].next
    }
    return .holds
  }

  /// Takes a call and its return out of the list.
  private mutating func lift(_ call: Int) {
    unlink(call)
    guard entries[call].partner >= 0 else { return }
    unlink(entries[call].partner)
    openReturns -= 1
  }

  /// Puts them back where they were.
  private mutating func put(_ call: Int) {
    if entries[call].partner >= 0 {
      relink(entries[call].partner)
      openReturns += 1
    }
    relink(call)
  }

  private mutating func unlink(_ index: Int) {
    let entry = entries[index]
    entries[entry.previous].next = entry.next
    if entry.next >= 0 { entries[entry.next].previous = entry.previous }
  }

  private mutating func relink(_ index: Int) {
    let entry = entries[index]
    entries[entry.previous].next = index
    if entry.next >= 0 { entries[entry.next].previous = index }
  }
}

extension HistoryEvent: Sendable where Operation: Sendable {}
