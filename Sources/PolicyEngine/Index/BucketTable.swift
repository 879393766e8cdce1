import CEL

/// Ranges of rules by group and text: open addressing over flat arrays, since a set may have a
/// bucket for each of a hundred thousand rules.
struct BucketTable: Sendable {
  private struct Bucket: BitwiseCopyable {
    var group: Int32
    var text: TextID
    var start: Int32
    var count: Int32
  }
  private var buckets: [Bucket] = []
  /// Number of a bucket + 1, or 0 for free. Its size is a power of two.
  private var slots = [UInt32](repeating: 0, count: 16)

  @inline(__always) private static func hash(_ group: Int32, _ text: TextID) -> Int {
    let key = UInt64(UInt32(bitPattern: group)) << 32 | UInt64(text)
    let product = key.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    return Int(truncatingIfNeeded: (product.high ^ product.low) & 0xffff_ffff)
  }

  /// Adds a bucket; there must be none for this group and text yet.
  mutating func add(_ group: Int32, _ text: TextID, start: Int32, count: Int32) {
    buckets.append(Bucket(group: group, text: text, start: start, count: count))
    if buckets.count * 2 > slots.count {
      slots = [UInt32](repeating: 0, count: slots.count * 2)
      for number in buckets.indices { place(number) }
    } else {
      place(buckets.count - 1)
    }
  }

  private mutating func place(_ number: Int) {
    let mask = slots.count - 1
    var slot = Self.hash(buckets[number].group, buckets[number].text) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(number) + 1
  }

  /// The rules of a group that require a text.
  @inline(__always) func find(_ group: Int32, _ text: TextID) -> Range<Int>? {
    let slots = slots.span
    let buckets = buckets.span
    let mask = slots.count - 1
    var slot = Self.hash(group, text) & mask
    while slots[slot] != 0 {
      let bucket = buckets[Int(slots[slot]) - 1]
      if bucket.group == group, bucket.text == text {
        return Int(bucket.start)..<Int(bucket.start + bucket.count)
      }
      slot = (slot + 1) & mask
    }
    return nil
  }
}
