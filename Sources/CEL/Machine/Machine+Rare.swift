/// Instructions that are worth a call: they build, call functions or handle optionals.
extension Machine {
  @inline(never) func rare(
    _ i: Instruction, at: Int, _ r: inout MutableSpan<Value>, _ memory: inout Memory,
    _ pc: inout Int
  ) {
    let a = Int(i.a)
    let b = Int(i.b)
    let c = Int(i.c)
    switch i.op {
    case .call:
      r[a] = memory.call(number: Int(i.e), Arguments(r, from: b, count: Int(i.flag))).located(
        at: at)
    case .callHost: r[a] = callHost(i, r, &memory).located(at: at)
    case .matchConstant: r[a] = memory.match(r[b], regex: Int(i.e)).located(at: at)
    case .makeList: r[a] = makeList(i, r, &memory).located(at: at)
    case .makeMap: r[a] = makeMap(i, r, &memory).located(at: at)
    case .selectOptional:
      r[a] = memory.selectOptional(r[b], TextID(bitPattern: i.e)).located(at: at)
    case .indexOptional: r[a] = memory.indexOptional(r[b], r[c]).located(at: at)
    case .beginResult: r[a] = .int(Int64(memory.results.count))
    case .pushEntry:
      memory.results.append(r[b])
      memory.results.append(r[c])
    case .pushMap: pushMap(a, r[b], at, &r, &memory)
    case .endList: r[a] = memory.takeResults(from: r[b].start, asMap: false).located(at: at)
    case .endMap: r[a] = memory.takeResults(from: r[b].start, asMap: true).located(at: at)
    case .dropResult:
      memory.results.removeLast(memory.results.count - r[b].start)
      r[a] = r[c]
    case .sortBy: r[a] = memory.sort(r[b], by: r[c]).located(at: at)
    case .unwrapOrJump:
      let v = r[b]
      if v.tag == .optional, let wrapped = memory.wrapped(v) {
        r[a] = wrapped
      } else {
        if v.tag != .optional { r[c] = Value.noOverload(v).located(at: at) }
        pc = Int(i.d)
      }
    case .wrap: if !r[b].isError { r[a] = memory.some(r[b]) }
    default: break
    }
  }

  private func makeList(
    _ i: Instruction, _ r: borrowing MutableSpan<Value>, _ memory: inout Memory
  ) -> Value {
    let (first, count) = (Int(i.b), Int(i.c))
    guard memory.pay(count + 1), memory.hasRoom(octets: 0, elements: count) else {
      return .failure(.memoryExceeded)
    }
    let start = memory.elementCount
    for index in 0..<count {
      var element = r[first + index]
      if i.flag == 1, optionalEntries[Int(i.e)].contains(index), !element.isError {
        guard element.tag == .optional else { return memory.abandon(start, .noOverload(element)) }
        guard let wrapped = memory.wrapped(element) else { continue }
        element = wrapped
      }
      if element.isError { return memory.abandon(start, element) }
      memory.append(element)
    }
    return memory.list(from: start)
  }

  private func makeMap(
    _ i: Instruction, _ r: borrowing MutableSpan<Value>, _ memory: inout Memory
  ) -> Value {
    let (first, count) = (Int(i.b), Int(i.c))
    guard memory.pay(count + 1), memory.hasRoom(octets: 0, elements: count * 2) else {
      return .failure(.memoryExceeded)
    }
    var entries: [Value] = []
    for index in 0..<count {
      let key = r[first + 2 * index]
      var value = r[first + 2 * index + 1]
      if key.isError { return key }
      if i.flag == 1, optionalEntries[Int(i.e)].contains(index), !value.isError {
        guard value.tag == .optional else { return .noOverload(value) }
        guard let wrapped = memory.wrapped(value) else { continue }
        value = wrapped
      }
      if value.isError { return value }
      entries.append(key)
      entries.append(value)
    }
    return memory.makeMap(entries)
  }

  private func pushMap(
    _ error: Int, _ map: Value, _ at: Int, _ r: inout MutableSpan<Value>, _ memory: inout Memory
  ) {
    guard map.tag == .map else {
      r[error] = Value.noOverload(map).located(at: at)
      return
    }
    guard memory.pay(map.count) else { return }
    for index in 0..<map.count {
      memory.results.append(memory.key(index, of: map))
      memory.results.append(memory.value(index, of: map))
    }
  }

  private func callHost(
    _ i: Instruction, _ r: borrowing MutableSpan<Value>, _ memory: inout Memory
  ) -> Value {
    var arguments: [CELValue] = []
    for index in 0..<Int(i.flag) {
      let value = r[Int(i.b) + index]
      if value.isError { return value }
      guard let exported = memory.export(value) else { return .failure(.memoryExceeded) }
      arguments.append(exported)
    }
    guard let call = hostFunctions[Int(i.e)].call else {
      return .failure(.noSuchFunction, detail: memory.intern(hostFunctions[Int(i.e)].overload.name))
    }
    do {
      return memory.add(try call(arguments))
    } catch {
      return .failure(.hostFunction, detail: memory.intern("\(error)"))
    }
  }
}

extension Memory {
  mutating func abandon(_ start: Int, _ error: Value) -> Value {
    dropElements(from: start)
    return error
  }

  /// A map of keys and values in turn, or an error for a key that can't be one or comes twice.
  mutating func makeMap(_ entries: [Value]) -> Value {
    for index in stride(from: 0, to: entries.count, by: 2) {
      switch entries[index].tag {
      case .string, .int, .uint, .bool: break
      default: return .failure(.unsupportedKey, detail: UInt32(entries[index].tag.rawValue))
      }
    }
    let start = beginMap()
    for entry in entries { append(entry) }
    guard let map = map(from: start) else { return abandon(start - 1, .failure(.duplicateKey)) }
    return map
  }

  /// What a loop pushed, as a list or a map.
  mutating func takeResults(from mark: Int, asMap: Bool) -> Value {
    let count = results.count - mark
    guard pay(count), hasRoom(octets: 0, elements: count) else {
      results.removeLast(count)
      return .failure(.memoryExceeded)
    }
    // In place: an array of their own would be an allocation for each loop.
    guard asMap else { return listOfResults(from: mark) }
    for place in stride(from: mark, to: results.count, by: 2) {
      switch results[place].tag {
      case .string, .int, .uint, .bool: continue
      default:
        let kind = UInt32(results[place].tag.rawValue)
        results.removeLast(count)
        return .failure(.unsupportedKey, detail: kind)
      }
    }
    return mapOfResults(from: mark)
  }
}
