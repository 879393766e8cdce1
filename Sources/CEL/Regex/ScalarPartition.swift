/// The code space cut at every border of every set, with the pieces that belong together.
struct ScalarPartition {
  /// Where each piece starts.
  private(set) var starts: [UInt32]
  private var classes: [Int]
  private var classCount = 1

  init(of sets: [ScalarSet]) {
    var borders: [UInt32] = [0]
    for set in sets {
      for range in set.ranges {
        borders.append(range.lower)
        if range.upper < ScalarSet.maximum { borders.append(range.upper + 1) }
      }
    }
    borders.sort()
    starts = []
    for border in borders where starts.last != border { starts.append(border) }
    classes = [Int](repeating: 0, count: starts.count)
  }

  /// Separates the characters of a set from the others. The set and its complement make the same
  /// cut, and taking the smaller one keeps patterns with thousands of `[^x]` cheap.
  mutating func refine(by set: ScalarSet) {
    var renamed: [Int: Int] = [:]
    for range in smallerSide(of: set).intervals {
      for interval in range {
        let old = classes[interval]
        if let new = renamed[old] {
          classes[interval] = new
        } else {
          renamed[old] = classCount
          classes[interval] = classCount
          classCount += 1
        }
      }
    }
  }

  /// The pieces inside the set, or if fewer those outside it.
  func smallerSide(of set: ScalarSet) -> (intervals: [Range<Int>], isInverted: Bool) {
    let inside = intervals(of: set)
    let size = inside.reduce(0) { $0 + $1.count }
    if size * 2 <= starts.count { return (inside, false) }
    return (intervals(of: set.inverted()), true)
  }

  private func intervals(of set: ScalarSet) -> [Range<Int>] {
    set.ranges.map { range in
      let end = range.upper == ScalarSet.maximum ? starts.count : piece(at: range.upper + 1)
      return piece(at: range.lower)..<end
    }
  }

  /// The piece that starts at `scalar`, a border.
  private func piece(at scalar: UInt32) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < scalar { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The symbol of each piece, numbered from 0 in order of appearance.
  func numbered() -> (symbols: [UInt16], count: Int) {
    var numbers = [Int](repeating: -1, count: classCount)
    var count = 0
    let symbols = classes.map { old in
      if numbers[old] < 0 {
        numbers[old] = count
        count += 1
      }
      return UInt16(clamping: numbers[old])
    }
    return (symbols, count)
  }
}
