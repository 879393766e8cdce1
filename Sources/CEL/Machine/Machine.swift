/// The machine: runs a program's code over registers and memory.
///
/// It does not allocate by itself, lock, block or recurse, and it always ends: the only way back is
/// `next`, which pays. What changes is the caller's (`Workspace`); a program is shared by any
/// number of threads.
struct Machine: Sendable {
  let code: [Instruction]
  let constants: [Value]
  let sets: [Program.ConstantSet]
  let optionalEntries: [Set<Int>]
  let hostFunctions: [Environment.HostFunction]

  /// What running a program needs of it: a few arrays, where the whole program has dozens.
  init(_ program: Program) {
    code = program.code
    constants = program.constants
    sets = program.sets
    optionalEntries = program.optionalEntries
    hostFunctions = program.hostFunctions
  }

  @inline(never)
  func run<R: Recorder>(
    from start: Int, until end: Int, _ workspace: inout Workspace, _ recorder: inout R
  ) -> (value: Value, pc: Int) {
    run(from: start, until: end, &workspace.registers, &workspace.memory, &recorder)
  }

  /// The dispatch loop. `end` stops a run of a part of the code: a jump out of it, or reaching it,
  /// ends the run. Becomes part of its callers, which so need not copy the program to call it.
  @inline(__always)
  func run<R: Recorder>(
    from start: Int, until end: Int, _ registers: inout [Value], _ memory: inout Memory,
    _ recorder: inout R
  ) -> (value: Value, pc: Int) {
    var r = registers.mutableSpan
    let code = self.code.span
    let k = constants.span
    var pc = start
    // Definitions are code elsewhere: a run of a part goes on through them.
    var nesting = 0
    while true {
      if R.stops, nesting == 0, pc >= end || pc < start { return (.null, pc) }
      let i = code[pc]
      let a = Int(i.a)
      let b = Int(i.b)
      let c = Int(i.c)
      let at = pc
      pc += 1
      switch i.op {
      case .move: r[a] = r[b]
      case .load: r[a] = k[Int(i.e)].located(at: at)
      case .select: r[a] = memory.select(r[b], TextID(bitPattern: i.e)).located(at: at)
      case .presence: r[a] = memory.presence(r[b], TextID(bitPattern: i.e)).located(at: at)
      case .index: r[a] = memory.index(r[b], r[c]).located(at: at)
      case .equal: r[a] = memory.equality(r[b], r[c], true)
      case .notEqual: r[a] = memory.equality(r[b], r[c], false)
      case .less: r[a] = memory.ordering(r[b], r[c], 0).located(at: at)
      case .lessOrEqual: r[a] = memory.ordering(r[b], r[c], 1).located(at: at)
      case .greater: r[a] = memory.ordering(r[b], r[c], 2).located(at: at)
      case .greaterOrEqual: r[a] = memory.ordering(r[b], r[c], 3).located(at: at)
      case .in: r[a] = memory.membership(r[b], r[c]).located(at: at)
      case .add: r[a] = memory.add(r[b], r[c]).located(at: at)
      case .subtract, .multiply, .divide, .modulo:
        r[a] = memory.arithmetic(i.op, r[b], r[c]).located(at: at)
      case .negate: r[a] = memory.negate(r[b]).located(at: at)
      case .not:
        let v = r[b]
        r[a] = v.tag == .bool ? .bool(v.bits == 0) : Value.noOverload(v).located(at: at)

      case .jump: pc = Int(i.d)
      case .jumpIfError: if r[a].isError { pc = Int(i.d) }
      case .jumpIfSet: if r[a].tag != .unset { pc = Int(i.d) }
      case .settle: if !r[a].isError { r[a] = .bool(i.flag == 1) }
      case .merge: if r[b].isError, !r[a].isError { r[a] = r[b] }
      case .mergeOrJump:
        if !r[b].isError {
          pc = Int(i.d)
        } else if !r[a].isError {
          r[a] = r[b]
        }

      case .testTrue:
        let v = r[b]
        if v.tag == .bool {
          if R.records { recorder.record(at, v) }
          if UInt8(truncatingIfNeeded: v.bits) == i.flag { pc = Int(i.d) }
        } else {
          keep(Value.noOverload(v).located(at: at), a, &r)
          if R.records { recorder.record(at, v) }
        }
      case .testEqualConstant:
        let v = r[b]
        let w = k[Int(i.e)]
        if v.tag == .string, w.tag == .string {
          if R.records { recorder.record(at, .bool(v.bits == w.bits)) }
          if (v.bits == w.bits) == (i.flag == 1) { pc = Int(i.d) }
        } else {
          let outcome = memory.equality(v, w, true)
          if R.records { recorder.record(at, outcome) }
          branch(outcome, i, a, &r, &pc)
        }
      case .testEqual:
        let outcome = memory.equality(r[b], r[c], true)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)
      case .testOrder:
        let outcome = memory.ordering(r[b], r[c], i.flag >> 1).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)
      case .testOrderConstant:
        let outcome = memory.ordering(r[b], k[Int(i.e)], i.flag >> 1).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)
      case .testIn:
        let outcome = memory.membership(r[b], r[c]).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)
      case .testSearch:
        let outcome = search(i, &r, &memory).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)
      case .testInSet:
        let outcome = membership(r[b], inSet: Int(i.e))
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)
      case .testPresence:
        let outcome = memory.presence(r[b], TextID(bitPattern: i.e)).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)
      case .testIntersects:
        let outcome = memory.intersects(r[b], r[c]).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)
      case .testMatch:
        let outcome = memory.match(r[b], regex: Int(i.e)).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, a, &r, &pc)

      case .next:
        let index = Int(r[a + 1].bits)
        let collection = r[a]
        guard index < collection.count else {
          pc = Int(i.d)
          break
        }
        guard memory.pay(Int(i.e)) else {
          return (Value.failure(.budgetExceeded).located(at: at), pc)
        }
        r[a + 1].bits = UInt64(index + 1)
        if collection.tag == .list {
          let element = memory.element(index, of: collection)
          if i.flag == 1 { r[b] = .int(Int64(index)) }
          r[i.flag == 1 ? c : b] = element
        } else {
          r[b] = memory.key(index, of: collection)
          if i.flag == 1 { r[c] = memory.value(index, of: collection) }
        }
      case .iterate:
        let v = r[b]
        if v.tag == .list || v.tag == .map {
          r[a] = v
          r[a + 1] = .int(0)
        } else {
          r[c] = Value.noOverload(v).located(at: at)
          pc = Int(i.d)
        }
      case .push: memory.results.append(r[b])
      case .increment: r[a].bits &+= 1

      case .definition:
        if r[a].tag == .unset {
          r[c] = .int(Int64(at))
          if R.stops { nesting += 1 }
          pc = Int(i.d)
        } else {
          r[b] = r[a]
        }
      case .endDefinition:
        r[a] = r[b]
        memory.definitions.append(i.a)
        if R.stops { nesting -= 1 }
        pc = Int(r[c].bits)

      case .result: return (finish(r[a], memory, at), pc)
      case .resultSettled:
        return (finish(r[a].isError ? r[a] : .bool(i.flag == 1), memory, at), pc)
      case .resultConstant: return (finish(.bool(i.flag == 1), memory, at), pc)
      default: rare(i, at: at, &r, &memory, &pc)
      }
      if R.records, i.op.isRecorded { recorder.record(at, r[i.op == .definition ? b : a]) }
    }
  }

  /// An evaluation that spent its budget has no value, whatever the last instruction said.
  @inline(__always) private func finish(_ value: Value, _ memory: borrowing Memory, _ pc: Int)
    -> Value
  {
    memory.fuel < 0 ? Value.failure(.budgetExceeded).located(at: pc) : value
  }

  @inline(__always) private func branch(
    _ outcome: Value, _ i: Instruction, _ a: Int, _ r: inout MutableSpan<Value>, _ pc: inout Int
  ) {
    if outcome.tag == .bool {
      if UInt8(truncatingIfNeeded: outcome.bits) == i.flag & 1 { pc = Int(i.d) }
    } else {
      keep(outcome.located(at: pc - 1), a, &r)
    }
  }

  @inline(__always) private func keep(_ error: Value, _ a: Int, _ r: inout MutableSpan<Value>) {
    if !r[a].isError { r[a] = error }
  }

  @inline(__always) private func search(
    _ i: Instruction, _ r: inout MutableSpan<Value>, _ memory: inout Memory
  ) -> Value {
    let (element, list) = (r[Int(i.b)], r[Int(i.c)])
    if element.tag == .string, list.tag == .list, list.count <= Memory.linearTextSearch {
      return memory.membership(element, list)
    }
    guard i.flag & 2 != 0 else { return memory.comparison(element, list) }
    return memory.keptMembership(element, list, &r[Int(i.e)], comparing: i.flag & 4 != 0)
  }

  @inline(__always) private func membership(_ element: Value, inSet index: Int) -> Value {
    switch element.tag {
    case .string, .bool, .int: return .bool(sets[index].contains(element))
    case .error: return element
    case .uint, .double:
      guard let canonical = Memory.canonicalKey(element) else { return .false }
      return .bool(sets[index].contains(canonical))
    default: return .false
    }
  }
}

extension Program {
  /// Runs an entry and gives its value, or an error value.
  package func run(_ entry: Entry, in workspace: inout Workspace) -> Value {
    var recorder = NoRecorder()
    return run(from: Int(entry.pc), until: .max, &workspace, &recorder).value
  }

  /// Runs an entry and hands every value that an instruction computes to the recorder.
  package func run(
    _ entry: Entry, in workspace: inout Workspace, recording recorder: inout Recording
  ) -> Value {
    run(from: Int(entry.pc), until: .max, &workspace, &recorder).value
  }

  func run<R: Recorder>(
    from start: Int, until end: Int, _ workspace: inout Workspace, _ recorder: inout R
  ) -> (value: Value, pc: Int) {
    Machine(self).run(from: start, until: end, &workspace, &recorder)
  }
}
