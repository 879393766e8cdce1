/// What operators do to values.
extension Memory {
  // MARK: Fields and indexes

  @inline(__always) mutating func select(_ operand: Value, _ field: TextID, at pc: Int) -> Value {
    if operand.isPlainMap, let value = value(of: field, inPlain: operand) { return value }
    return selectOthers(operand, field).located(at: pc)
  }

  @inline(never) private mutating func selectOthers(_ operand: Value, _ field: TextID) -> Value {
    if operand.tag == .map {
      let place = place(of: field, in: operand)
      return place < 0 ? .failure(.noSuchKey, detail: field) : elements[place]
    }
    return operand.tag == .optional ? selectOptional(operand, field) : Self.hasNoFields(operand)
  }

  /// The value of a field of a map whose entries are searched one by one. Mutating so that calling
  /// it costs no copy of the memory, which it does not change.
  @inline(__always) private mutating func value(of field: TextID, inPlain map: Value) -> Value? {
    // One check that all entries are there, instead of one for each that is looked at.
    let (start, count) = (map.start, map.count)
    precondition(start >= 0 && start &+ 2 &* count <= elements.count)
    return unsafe elements.withUnsafeBufferPointer { elements in
      var place = start
      let end = start &+ 2 &* count
      while place < end {
        if unsafe elements[place].bits == UInt64(field), unsafe elements[place].tag == .string {
          return unsafe elements[place &+ 1]
        }
        place &+= 2
      }
      return nil
    }
  }

  @inline(never) private static func hasNoFields(_ operand: Value) -> Value {
    operand.isError
      ? operand : .failure(.unsupportedType, detail: UInt32(operand.tag.rawValue))
  }

  /// Where the value of a field is among the elements, or -1. Mutating as above.
  @inline(never) mutating func place(of field: TextID, in map: Value) -> Int {
    guard map.flags == 0 else { return placeByIndex(of: field, in: map) }
    let entries = elements.span.extracting(map.start..<map.start &+ 2 &* map.count)
    var place = 0
    while place < entries.count {
      if entries[place].bits == UInt64(field), entries[place].tag == .string {
        return map.start &+ place &+ 1
      }
      place &+= 2
    }
    return -1
  }

  @inline(never) private mutating func placeByIndex(of field: TextID, in map: Value) -> Int {
    find(key: .string(field), in: map).map { map.start + 2 * $0 + 1 } ?? -1
  }

  @inline(__always) mutating func presence(_ operand: Value, _ field: TextID) -> Value {
    operand.isPlainMap
      ? .bool(value(of: field, inPlain: operand) != nil) : presenceInOthers(operand, field)
  }

  @inline(never) private mutating func presenceInOthers(_ operand: Value, _ field: TextID) -> Value
  {
    switch operand.tag {
    case .map: return .bool(place(of: field, in: operand) >= 0)
    case .optional:
      guard let inner = wrapped(operand) else { return .false }
      return presenceInOthers(inner, field)
    default: return Self.hasNoFields(operand)
    }
  }

  /// `a.?b`, and `a.b` where `a` is an optional: once optional, a path stays so to its end.
  @inline(never) mutating func selectOptional(_ operand: Value, _ field: TextID) -> Value {
    var map = operand
    if operand.tag == .optional {
      guard let inner = wrapped(operand) else { return .none }
      map = inner
    }
    guard map.tag == .map else { return Self.hasNoFields(map) }
    guard let index = find(key: .string(field), in: map) else { return .none }
    return some(value(index, of: map))
  }

  mutating func index(_ collection: Value, _ key: Value) -> Value {
    if collection.isError { return collection }
    if key.isError { return key }
    switch collection.tag {
    case .list:
      guard let place = Self.listIndex(key) else {
        return .failure(.invalidIndex, detail: UInt32(key.tag.rawValue))
      }
      guard place >= 0, place < Int64(collection.count) else { return .failure(.indexOutOfRange) }
      return element(Int(place), of: collection)
    case .map:
      if key.tag == .string {
        let place = place(of: key.text, in: collection)
        return place < 0 ? .failure(.noSuchKey, detail: key.text) : elements[place]
      }
      if let place = find(key: key, in: collection) { return value(place, of: collection) }
      return .failure(.noSuchKey, detail: key.tag == .string ? key.text : .max)
    case .optional: return indexOptional(collection, key)
    default: return .noOverload(collection, key)
    }
  }

  /// A whole number as an index. One that no int holds is beyond every list, like any other that is
  /// too large.
  private static func listIndex(_ key: Value) -> Int64? {
    switch key.tag {
    case .int: key.int
    case .uint: Int64(clamping: key.bits)
    case .double where key.double.isFinite && key.double.magnitude >= 0x1p63:
      key.double < 0 ? -1 : .max
    case .double: NumberComparison.exactInt64(key.double)
    default: nil
    }
  }

  mutating func indexOptional(_ collection: Value, _ key: Value) -> Value {
    var operand = collection
    if collection.tag == .optional {
      guard let inner = wrapped(collection) else { return key.isError ? key : .none }
      operand = inner
    }
    let result = index(operand, key)
    if result.isError {
      switch result.failure {
      case .noSuchKey where operand.tag == .map, .indexOutOfRange where operand.tag == .list:
        return .none
      default: return result
      }
    }
    return some(result)
  }

  // MARK: Comparison

  @inline(__always) mutating func equality(_ left: Value, _ right: Value, _ wanted: Bool) -> Value {
    if left.isError { return left }
    if right.isError { return right }
    return .bool(equal(left, right) == wanted)
  }

  /// `relation` 0…3: less, less or equal, greater, greater or equal.
  @inline(__always) mutating func ordering(_ left: Value, _ right: Value, _ relation: UInt8)
    -> Value
  {
    if left.tag == .int, right.tag == .int {
      switch relation {
      case 0: return .bool(left.int < right.int)
      case 1: return .bool(left.int <= right.int)
      case 2: return .bool(left.int > right.int)
      default: return .bool(left.int >= right.int)
      }
    }
    return orderingOfOthers(left, right, relation)
  }

  @inline(never) private mutating func orderingOfOthers(
    _ left: Value, _ right: Value, _ relation: UInt8
  ) -> Value {
    switch compare(left, right) {
    case .less: .bool(relation <= 1)
    case .equal: .bool(relation == 1 || relation == 3)
    case .greater: .bool(relation >= 2)
    case .unordered: .false
    case .noOverload: .noOverload(left, right)
    }
  }

  @inline(__always) mutating func membership(_ element: Value, _ collection: Value) -> Value {
    if element.tag == .string, collection.tag == .list {
      // Comparing sixteen ids takes about as long as any other step.
      _ = pay(1 + collection.count >> 4)
      return .bool(holds(element, collection))
    }
    return membershipOfOthers(element, collection)
  }

  /// Whether a list has a text.
  @inline(__always) private mutating func holds(_ text: Value, _ list: Value) -> Bool {
    // One check that all elements are there, instead of one for each that is looked at.
    let (start, count) = (list.start, list.count)
    precondition(start >= 0 && start &+ count <= elements.count)
    return unsafe elements.withUnsafeBufferPointer { elements in
      var place = start
      let end = start &+ count
      while place < end {
        if unsafe elements[place].isSame(text) { return true }
        place &+= 1
      }
      return false
    }
  }

  @inline(never) private mutating func membershipOfOthers(_ element: Value, _ collection: Value)
    -> Value
  {
    if element.isError { return element }
    if collection.isError { return collection }
    switch collection.tag {
    case .list:
      for index in 0..<collection.count {
        guard pay(1) else { return .failure(.budgetExceeded) }
        if equal(self.element(index, of: collection), element) { return .true }
      }
      return .false
    case .map: return .bool(find(key: element, in: collection) != nil)
    default: return .noOverload(element, collection)
    }
  }

  // MARK: Arithmetic

  mutating func add(_ left: Value, _ right: Value) -> Value {
    switch (left.tag, right.tag) {
    case (.int, .int):
      let (sum, overflow) = left.int.addingReportingOverflow(right.int)
      return overflow ? .failure(.overflow) : .int(sum)
    case (.uint, .uint):
      let (sum, overflow) = left.bits.addingReportingOverflow(right.bits)
      return overflow ? .failure(.overflow) : .uint(sum)
    case (.double, .double): return .double(left.double + right.double)
    case (.string, .string): return concatenate(left, right, .string)
    case (.bytes, .bytes): return concatenate(left, right, .bytes)
    case (.list, .list): return concatenateLists(left, right)
    case (.duration, .duration):
      let (sum, overflow) = left.int.addingReportingOverflow(right.int)
      return overflow ? .failure(.overflow) : .duration(sum)
    case (.timestamp, .duration):
      return left.asTimestamp.adding(right.int).map { .timestamp($0) } ?? .failure(.overflow)
    case (.duration, .timestamp):
      return right.asTimestamp.adding(left.int).map { .timestamp($0) } ?? .failure(.overflow)
    default: return .noOverload(left, right)
    }
  }

  private mutating func concatenate(_ left: Value, _ right: Value, _ tag: Value.Tag) -> Value {
    let (a, b) = (range(of: left.text), range(of: right.text))
    if a.isEmpty { return right }
    if b.isEmpty { return left }
    guard pay(octets: a.count + b.count) else { return .failure(.budgetExceeded) }
    guard hasRoom(octets: a.count + b.count) else { return .failure(.memoryExceeded) }
    let start = octetCount
    append(copyOf: a)
    append(copyOf: b)
    return Value(tag, bits: UInt64(internTail(from: start)))
  }

  private mutating func concatenateLists(_ left: Value, _ right: Value) -> Value {
    let count = left.count + right.count
    guard pay(count) else { return .failure(.budgetExceeded) }
    guard hasRoom(octets: 0, elements: count) else { return .failure(.memoryExceeded) }
    let start = elementCount
    for index in 0..<left.count { append(element(index, of: left)) }
    for index in 0..<right.count { append(element(index, of: right)) }
    return list(from: start)
  }

  func arithmetic(_ op: Opcode, _ left: Value, _ right: Value) -> Value {
    switch (left.tag, right.tag) {
    case (.int, .int): return Self.integer(op, left.int, right.int) { .int($0) }
    case (.uint, .uint): return Self.integer(op, left.bits, right.bits) { .uint($0) }
    case (.double, .double):
      switch op {
      case .subtract: return .double(left.double - right.double)
      case .multiply: return .double(left.double * right.double)
      case .divide: return .double(left.double / right.double)
      default: return .noOverload(left, right)
      }
    case (.duration, .duration) where op == .subtract:
      let (difference, overflow) = left.int.subtractingReportingOverflow(right.int)
      return overflow ? .failure(.overflow) : .duration(difference)
    case (.timestamp, .timestamp) where op == .subtract:
      return left.asTimestamp.since(right.asTimestamp).map { .duration($0) } ?? .failure(.overflow)
    case (.timestamp, .duration) where op == .subtract:
      return left.asTimestamp.subtracting(right.int).map { .timestamp($0) } ?? .failure(.overflow)
    default: return .noOverload(left, right)
    }
  }

  private static func integer<T: FixedWidthInteger>(
    _ op: Opcode, _ left: T, _ right: T, _ make: (T) -> Value
  ) -> Value {
    let result: (partialValue: T, overflow: Bool)
    switch op {
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    case .divide:
      guard right != 0 else { return .failure(.divisionByZero) }
      result = left.dividedReportingOverflow(by: right)
    default:
      guard right != 0 else { return .failure(.modulusByZero) }
      result = left.remainderReportingOverflow(dividingBy: right)
    }
    return result.overflow ? .failure(.overflow) : make(result.partialValue)
  }

  func negate(_ operand: Value) -> Value {
    switch operand.tag {
    case .int:
      let (result, overflow) = Int64(0).subtractingReportingOverflow(operand.int)
      return overflow ? .failure(.overflow) : .int(result)
    case .double: return .double(-operand.double)
    default: return .noOverload(operand)
    }
  }

  /// An operator applied to values, for folding constants: the same code that the machine runs.
  mutating func apply(_ op: Expression.Operator, _ left: Value, _ right: Value) -> Value {
    switch op {
    case .add: add(left, right)
    case .subtract: arithmetic(.subtract, left, right)
    case .multiply: arithmetic(.multiply, left, right)
    case .divide: arithmetic(.divide, left, right)
    case .modulo: arithmetic(.modulo, left, right)
    case .negate: negate(left)
    case .not: left.tag == .bool ? .bool(left.bits == 0) : .noOverload(left)
    case .equal: equality(left, right, true)
    case .notEqual: equality(left, right, false)
    case .less: ordering(left, right, 0)
    case .lessOrEqual: ordering(left, right, 1)
    case .greater: ordering(left, right, 2)
    case .greaterOrEqual: ordering(left, right, 3)
    case .in: membership(left, right)
    case .index: index(left, right)
    }
  }
}
