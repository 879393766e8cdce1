/// Values by name, in the order of the names' bytes: chunks of a sorted list, so that neither
/// reading on from a name nor putting one in costs more with a million of them.
struct OrderedNames<Value: Sendable>: Sendable {
  typealias Element = (name: String, value: Value)

  /// Sorted, and none of them empty.
  private var chunks: [[Element]] = []
  private(set) var count = 0

  /// Where a chunk is split in two.
  private static var chunkSize: Int { 256 }

  var isEmpty: Bool { count == 0 }

  subscript(name: String) -> Value? {
    get {
      let chunk = chunk(for: name)
      guard chunk < chunks.count else { return nil }
      let place = place(of: name, in: chunk)
      guard place < chunks[chunk].count, chunks[chunk][place].name.isExactly(name) else {
        return nil
      }
      return chunks[chunk][place].value
    }
    set {
      if let newValue { insert(name, newValue) } else { remove(name) }
    }
  }

  /// The elements behind `name`, or all of them.
  func elements(after name: String?) -> Cursor {
    guard let name else { return Cursor(chunks: chunks, chunk: 0, place: 0) }
    let chunk = chunk(for: name)
    guard chunk < chunks.count else { return Cursor(chunks: chunks, chunk: chunk, place: 0) }
    var place = place(of: name, in: chunk)
    if place < chunks[chunk].count, chunks[chunk][place].name.isExactly(name) { place += 1 }
    return Cursor(chunks: chunks, chunk: chunk, place: place)
  }

  struct Cursor: Sequence, IteratorProtocol {
    let chunks: [[Element]]
    var chunk: Int
    var place: Int

    mutating func next() -> Element? {
      while chunk < chunks.count, place >= chunks[chunk].count { (chunk, place) = (chunk + 1, 0) }
      guard chunk < chunks.count else { return nil }
      defer { place += 1 }
      return chunks[chunk][place]
    }
  }

  /// The first chunk that ends with the name or behind it; the one behind the last if none does.
  private func chunk(for name: String) -> Int {
    var (low, high) = (0, chunks.count)
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle][chunks[middle].count - 1].name.precedesByBytes(name) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// Where in a chunk the name is, or would be.
  private func place(of name: String, in chunk: Int) -> Int {
    var (low, high) = (0, chunks[chunk].count)
    while low < high {
      let middle = (low + high) / 2
      if chunks[chunk][middle].name.precedesByBytes(name) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  private mutating func insert(_ name: String, _ value: Value) {
    guard !chunks.isEmpty else {
      chunks = [[(name, value)]]
      count = 1
      return
    }
    let chunk = min(chunk(for: name), chunks.count - 1)
    let place = place(of: name, in: chunk)
    if place < chunks[chunk].count, chunks[chunk][place].name.isExactly(name) {
      chunks[chunk][place].value = value
      return
    }
    chunks[chunk].insert((name, value), at: place)
    count += 1
    if chunks[chunk].count > Self.chunkSize { split(chunk) }
  }

  private mutating func split(_ chunk: Int) {
    let middle = chunks[chunk].count / 2
    let second = Array(chunks[chunk][middle...])
    chunks[chunk].removeSubrange(middle...)
    chunks.insert(second, at: chunk + 1)
  }

  private mutating func remove(_ name: String) {
    let chunk = chunk(for: name)
    guard chunk < chunks.count else { return }
    let place = place(of: name, in: chunk)
    guard place < chunks[chunk].count, chunks[chunk][place].name.isExactly(name) else { return }
    chunks[chunk].remove(at: place)
    count -= 1
    if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
  }
}
