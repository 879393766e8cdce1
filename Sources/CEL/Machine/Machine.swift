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
  private let registerCount: Int
  private let conditionError: UInt16

  /// What running a program needs of it: a few arrays, where the whole program has dozens.
  init(_ program: Program) {
    code = program.code
    constants = program.constants
    sets = program.sets
    optionalEntries = program.optionalEntries
    hostFunctions = program.hostFunctions
    registerCount = program.registerCount
    conditionError = program.conditionError
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
    // What registers code may name; see `MutableSpan.subscript(_: UInt16)`.
    precondition(registers.count >= registerCount)
    var r = registers.mutableSpan
    r[conditionError] = .null
    let code = self.code.span
    let k = constants.span
    var pc = start
    // Definitions are code elsewhere: a run of a part goes on through them.
    var nesting = 0
    while true {
      if R.stops, nesting == 0, pc >= end || pc < start { return (.null, pc) }
      let i = Step(code, pc)
      let at = pc
      pc += 1
      switch i.op {
      case .move: r[i.a] = r[i.b]
      case .load: r[i.a] = k[Int(i.e)].located(at: at)
      case .select: r[i.a] = memory.select(r[i.b], TextID(bitPattern: i.e), at: at)
      case .selectPath:
        let v = memory.select(r[i.b], TextID(bitPattern: i.e), at: at)
        r[i.a] = v
        if R.records { recorder.record(at, v) }
        let j = Step(code, pc)
        let w = memory.select(v, TextID(bitPattern: j.e), at: pc)
        r[j.a] = w
        if R.records { recorder.record(pc, w) }
        pc += 1
      case .presence: r[i.a] = memory.presence(r[i.b], TextID(bitPattern: i.e)).located(at: at)
      case .index: r[i.a] = memory.index(r[i.b], r[i.c]).located(at: at)
      case .equal: r[i.a] = memory.equality(r[i.b], r[i.c], true)
      case .notEqual: r[i.a] = memory.equality(r[i.b], r[i.c], false)
      case .less: r[i.a] = memory.ordering(r[i.b], r[i.c], 0).located(at: at)
      case .lessOrEqual: r[i.a] = memory.ordering(r[i.b], r[i.c], 1).located(at: at)
      case .greater: r[i.a] = memory.ordering(r[i.b], r[i.c], 2).located(at: at)
      case .greaterOrEqual: r[i.a] = memory.ordering(r[i.b], r[i.c], 3).located(at: at)
      case .in: r[i.a] = memory.membership(r[i.b], r[i.c]).located(at: at)
      case .add: r[i.a] = memory.add(r[i.b], r[i.c]).located(at: at)
      case .subtract, .multiply, .divide, .modulo:
        r[i.a] = memory.arithmetic(i.op, r[i.b], r[i.c]).located(at: at)
      case .negate: r[i.a] = memory.negate(r[i.b]).located(at: at)
      case .not:
        let v = r[i.b]
        r[i.a] = v.tag == .bool ? .bool(v.bits == 0) : Value.noOverload(v).located(at: at)

      case .jump: pc = Int(i.d)
      case .jumpIfError: if r[i.a].isError { pc = Int(i.d) }
      case .jumpIfSet: if r[i.a].tag != .unset { pc = Int(i.d) }
      case .settle: if !r[i.a].isError { r[i.a] = .bool(i.flag == 1) }
      case .merge: if r[i.b].isError, !r[i.a].isError { r[i.a] = r[i.b] }
      case .mergeOrJump:
        if !r[i.b].isError {
          pc = Int(i.d)
        } else if !r[i.a].isError {
          r[i.a] = r[i.b]
        }

      case .testTrue: testTrue(r[i.b], i, at, &r, &pc, &recorder)
      case .testEqualConstant:
        let v = r[i.b]
        let w = k[Int(i.e)]
        if v.tag == .string, w.tag == .string {
          if R.records { recorder.record(at, .bool(v.bits == w.bits)) }
          if (v.bits == w.bits) == (i.flag == 1) { pc = Int(i.d) }
        } else {
          let outcome = memory.equality(v, w, true)
          if R.records { recorder.record(at, outcome) }
          branch(outcome, i, &r, &pc)
        }
      case .testEqual:
        let outcome = memory.equality(r[i.b], r[i.c], true)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)
      case .testOrder:
        let outcome = memory.ordering(r[i.b], r[i.c], i.flag >> 1).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)
      case .testOrderConstant:
        let outcome = memory.ordering(r[i.b], k[Int(i.e)], i.flag >> 1).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)
      case .testIn:
        let outcome = memory.membership(r[i.b], r[i.c]).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)
      case .testSearch:
        let outcome = search(i, &r, &memory).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)
      case .testInSet:
        let outcome = membership(r[i.b], inSet: Int(i.e))
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)
      case .testPresence:
        let outcome = memory.presence(r[i.b], TextID(bitPattern: i.e)).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)
      case .testIntersects:
        let outcome = memory.intersects(r[i.b], r[i.c]).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)
      case .testMatch:
        let outcome = memory.match(r[i.b], regex: Int(i.e)).located(at: at)
        if R.records { recorder.record(at, outcome) }
        branch(outcome, i, &r, &pc)

      case .next:
        let index = Int(r[i.a &+ 1].bits)
        let collection = r[i.a]
        guard index < collection.count else {
          pc = Int(i.d)
          break
        }
        guard memory.pay(Int(i.e)) else {
          return (Value.failure(.budgetExceeded).located(at: at), pc)
        }
        r[i.a &+ 1].bits = UInt64(index + 1)
        if collection.tag == .list {
          let element = memory.element(index, of: collection)
          if i.flag == 1 { r[i.b] = .int(Int64(index)) }
          r[i.flag == 1 ? i.c : i.b] = element
        } else {
          r[i.b] = memory.key(index, of: collection)
          if i.flag == 1 { r[i.c] = memory.value(index, of: collection) }
        }
      case .iterate:
        let v = r[i.b]
        if v.tag == .list || v.tag == .map {
          r[i.a] = v
          r[i.a &+ 1] = .int(0)
        } else {
          r[i.c] = Value.noOverload(v).located(at: at)
          pc = Int(i.d)
        }
      case .push: memory.results.append(r[i.b])
      case .increment: r[i.a].bits &+= 1

      case .definition:
        if r[i.a].tag == .unset {
          r[i.c] = .int(Int64(at))
          if R.stops { nesting += 1 }
          pc = Int(i.d)
        } else {
          r[i.b] = r[i.a]
        }
      case .testDefinition:
        let v = r[i.a]
        guard v.tag != .unset else {
          r[i.c] = .int(Int64(at))
          if R.stops { nesting += 1 }
          pc = Int(i.d)
          break
        }
        r[i.b] = v
        let j = Step(code, pc)
        pc += 1
        if R.records { recorder.record(at, v) }
        testTrue(v, j, pc - 1, &r, &pc, &recorder)
        continue
      case .endDefinition:
        r[i.a] = r[i.b]
        if R.stops { nesting -= 1 }
        endDefinition(i, &r, &pc, &memory)
      case .endDefinitionSettled:
        r[i.a] = r[i.b].isError ? r[i.b] : .bool(i.flag == 1)
        if R.stops { nesting -= 1 }
        endDefinition(i, &r, &pc, &memory)
      case .endDefinitionConstant:
        r[i.a] = .bool(i.flag == 1)
        if R.stops { nesting -= 1 }
        endDefinition(i, &r, &pc, &memory)

      case .result: return (finish(r[i.a], memory, at), pc)
      case .resultSettled:
        let value = finish(r[i.a].isError ? r[i.a] : .bool(i.flag == 1), memory, at)
        let next = recorder.next(after: value)
        guard next >= 0 else { return (value, pc) }
        r[conditionError] = .null
        pc = next
      case .resultConstant:
        let value = finish(.bool(i.flag == 1), memory, at)
        let next = recorder.next(after: value)
        guard next >= 0 else { return (value, pc) }
        r[conditionError] = .null
        pc = next
      default: rare(i.whole, at: at, &r, &memory, &pc)
      }
      if R.records, i.op.isRecorded { recorder.record(at, r[i.op.isDefinition ? i.b : i.a]) }
    }
  }

  /// An evaluation that spent its budget has no value, whatever the last instruction said.
  @inline(__always) private func finish(_ value: Value, _ memory: borrowing Memory, _ pc: Int)
    -> Value
  {
    memory.fuel < 0 ? Value.failure(.budgetExceeded).located(at: pc) : value
  }

  /// Goes back to where the definition was asked for, and links it to the one that got its value
  /// before, see `Memory.lastDefinition`.
  @inline(__always) private func endDefinition(
    _ i: Step, _ r: inout MutableSpan<Value>, _ pc: inout Int, _ memory: inout Memory
  ) {
    pc = Int(r[i.c].bits)
    // One without a value is asked for again, and must not be linked twice.
    guard r[i.a].tag != .unset else { return }
    r[i.c] = .int(Int64(memory.lastDefinition))
    memory.lastDefinition = Int(i.a)
  }

  @inline(__always) private func testTrue<R: Recorder>(
    _ v: Value, _ i: Step, _ at: Int, _ r: inout MutableSpan<Value>, _ pc: inout Int,
    _ recorder: inout R
  ) {
    if v.tag == .bool {
      if UInt8(truncatingIfNeeded: v.bits) == i.flag { pc = Int(i.d) }
    } else {
      keep(Value.noOverload(v).located(at: at), i.a, &r)
    }
    if R.records { recorder.record(at, v) }
  }

  @inline(__always) private func branch(
    _ outcome: Value, _ i: Step, _ r: inout MutableSpan<Value>, _ pc: inout Int
  ) {
    if outcome.tag == .bool {
      if UInt8(truncatingIfNeeded: outcome.bits) == i.flag & 1 { pc = Int(i.d) }
    } else {
      keep(outcome.located(at: pc - 1), i.a, &r)
    }
  }

  @inline(__always) private func keep(_ error: Value, _ a: UInt16, _ r: inout MutableSpan<Value>) {
    if !r[a].isError { r[a] = error }
  }

  @inline(__always) private func search(
    _ i: Step, _ r: inout MutableSpan<Value>, _ memory: inout Memory
  ) -> Value {
    let (element, list) = (r[i.b], r[i.c])
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

extension MutableSpan<Value> {
  /// A register by its number in an instruction. Not checked one by one: `ProgramBuilder.emit` makes
  /// room for every number that code names, and each run checks once that there is that room. The
  /// checks were a tenth of a decision.
  @inline(__always) subscript(register: UInt16) -> Value {
    get { unsafe self[unchecked: Int(register)] }
    set { unsafe self[unchecked: Int(register)] = newValue }
  }
}

/// An instruction where it stands in the code: a step reads of it what it needs, and not all of it.
/// It means nothing once its run is over, which is why nothing keeps one.
@safe private struct Step {
  private let place: UnsafePointer<Instruction>

  @inline(__always) init(_ code: borrowing Span<Instruction>, _ pc: Int) {
    // The check that the other accesses do without.
    precondition(code.indices.contains(pc))
    unsafe place = code.withUnsafeBufferPointer { code in
      unsafe code.baseAddress.unsafelyUnwrapped + pc
    }
  }

  @inline(__always) var op: Opcode { unsafe place.pointee.op }
  @inline(__always) var flag: UInt8 { unsafe place.pointee.flag }
  @inline(__always) var a: UInt16 { unsafe place.pointee.a }
  @inline(__always) var b: UInt16 { unsafe place.pointee.b }
  @inline(__always) var c: UInt16 { unsafe place.pointee.c }
  @inline(__always) var d: Int32 { unsafe place.pointee.d }
  @inline(__always) var e: Int32 { unsafe place.pointee.e }
  @inline(__always) var whole: Instruction { unsafe place.pointee }
}
