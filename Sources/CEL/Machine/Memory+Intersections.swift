/// Whether two lists share an element.
extension Memory {
  /// Whether an element of the first list (or key of the first map) is in the second: `a.exists(x,
  /// x in b)`.
  mutating func intersects(_ first: Value, _ second: Value) -> Value {
    if first.isError { return first }
    guard first.tag == .list || first.tag == .map else { return .noOverload(first) }
    // Over nothing the body is never evaluated, whatever is wrong with it.
    guard first.count > 0 else { return .false }
    guard pay(first.count + (second.tag == .list ? second.count : 1)) else {
      return .failure(.budgetExceeded)
    }
    if first.tag == .list, second.tag == .list {
      let answer =
        first.count * second.count > 128
        ? intersectsByMark(first, second) : intersectsByFilter(first, second)
      if let answer { return answer }
    }
    var error: Value?
    for index in 0..<first.count {
      let element = first.tag == .list ? element(index, of: first) : key(index, of: first)
      let found = membership(element, second)
      if found.isTrue { return found }
      if found.isError, error == nil { error = found }
    }
    return error ?? .false
  }

  /// For short lists: most texts of the first are not in the second by the last six bits of their ids
  /// alone. Nil if the first holds anything else. It costs what looking for one after the other does.
  private mutating func intersectsByFilter(_ first: Value, _ second: Value) -> Value? {
    let range = first.start..<first.start + first.count
    let list = second.start..<second.start + second.count
    guard let (looked, found) = Self.filter(elements.span, range, list) else { return nil }
    _ = pay(looked * (1 + second.count >> 4))
    return .bool(found)
  }

  /// How many elements of a range of texts were looked at, and whether the last of them is in a list.
  @inline(__always)
  private static func filter(
    _ elements: Span<Value>, _ texts: Range<Int>, _ list: Range<Int>
  ) -> (looked: Int, found: Bool)? {
    let list = elements.extracting(list)
    var filter: UInt64 = 0
    for place in list.indices { filter |= 1 &<< list[place].bits }
    for place in texts {
      let element = elements[place]
      guard element.tag == .string else { return nil }
      guard filter & (1 &<< element.bits) != 0 else { continue }
      for other in list.indices where list[other].isSame(element) {
        return (place - texts.lowerBound + 1, true)
      }
    }
    return (texts.count, false)
  }

  /// For lists of texts only: marks the ids of one list in a bit map and looks the others up. Nil
  /// if something else is in them.
  private mutating func intersectsByMark(_ first: Value, _ second: Value) -> Value? {
    if marks.count < textCount / 64 + 1 {
      marks = [UInt64](repeating: 0, count: textCount / 64 + 64)
    }
    var marked = 0
    var onlyTexts = true
    while marked < second.count {
      let element = elements[second.start + marked]
      guard element.tag == .string else {
        onlyTexts = false
        break
      }
      marks[Int(element.text) >> 6] |= 1 << UInt64(element.text & 63)
      marked += 1
    }
    var found = false
    if onlyTexts {
      for index in 0..<first.count {
        let element = elements[first.start + index]
        guard element.tag == .string else {
          onlyTexts = false
          break
        }
        if marks[Int(element.text) >> 6] & (1 << UInt64(element.text & 63)) != 0 {
          found = true
          break
        }
      }
    }
    for index in 0..<marked { marks[Int(elements[second.start + index].text) >> 6] = 0 }
    return found ? .true : onlyTexts ? .false : nil
  }
}
