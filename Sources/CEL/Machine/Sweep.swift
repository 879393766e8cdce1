/// Asking many conditions in one run of the machine, as long as nothing comes of them: that is what
/// most rules answer, and entering the machine costs as much as a small rule.
///
/// A condition that ends in anything else than its `passing` value (the other one, or an error) ends
/// the run. Each begins as if it were run by itself: with nothing left of the one before but values
/// of definitions and what is left of the budget.

/// A condition, and what it comes to if it has nothing to say.
package struct Question: BitwiseCopyable, Sendable {
  /// Where its code begins; negative: there is none, and that always says something.
  package var pc: Int32
  /// For the caller: which rule it belongs to.
  package var rule: Int32
  /// For the caller; a run ends before a question of another group.
  package var group: UInt8
  /// The outcome that says nothing.
  package var passing: Bool

  package init(pc: Int32, passing: Bool, rule: Int32, group: UInt8) {
    (self.pc, self.passing, self.rule, self.group) = (pc, passing, rule, group)
  }
}

/// Where asking stopped.
package struct Stop: BitwiseCopyable, Sendable {
  /// The number of the question that has something to say, or of the first that was not asked.
  package var place: Int
  /// Whether a question has something to say, and what; true for one without a condition.
  package var isStopped: Bool
  package var value: Value
}

/// Goes on to the next question when one has come to nothing.
private struct Sweep: Recorder {
  static var records: Bool { false }
  static var stops: Bool { false }
  @inline(__always) mutating func record(_ pc: Int, _ value: Value) {}
  private let questions: Lent
  private(set) var place: Int
  private let group: UInt8

  /// Questions that are lent for one run.
  @safe struct Lent {
    let pointer: UnsafeBufferPointer<Question>

    /// One of them. The index is checked, as in an array.
    @inline(__always) subscript(place: Int) -> Question {
      precondition(place >= 0 && place < count)
      return unsafe pointer[place]
    }
    @inline(__always) var count: Int { unsafe pointer.count }
  }

  init(_ questions: Lent, from place: Int) {
    self.questions = questions
    self.place = place
    group = questions[place].group
  }

  @inline(__always) mutating func next(after value: Value) -> Int {
    guard value.tag == .bool, value.isTrue == questions[place].passing else { return -1 }
    place &+= 1
    return start
  }

  /// Where the code of the question at hand begins, or -1 if it has none or there is no question.
  @inline(__always) var start: Int { isOver ? -1 : Int(questions[place].pc) }

  /// Whether all questions of the group were asked.
  @inline(__always) var isOver: Bool {
    place >= questions.count || questions[place].group != group
  }
}

extension Executable {
  /// Asks the workspace's questions from one on, those of its group, until one has something to say.
  package func sweep(from place: Int, in workspace: inout Workspace) -> Stop {
    sweep(workspace.questions, place, &workspace.registers, &workspace.memory)
  }

  private func sweep(
    _ questions: [Question], _ place: Int, _ registers: inout [Value], _ memory: inout Memory
  ) -> Stop {
    unsafe questions.withUnsafeBufferPointer { lent in
      var sweep = unsafe Sweep(Sweep.Lent(pointer: lent), from: place)
      var value = Value.true
      if sweep.start >= 0 {
        value = machine.run(from: sweep.start, until: .max, &registers, &memory, &sweep).value
      }
      guard !sweep.isOver else { return Stop(place: sweep.place, isStopped: false, value: value) }
      // Without a condition there is nothing to ask.
      return Stop(
        place: sweep.place, isStopped: true, value: sweep.start < 0 ? .true : value)
    }
  }
}
