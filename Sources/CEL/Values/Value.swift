/// Sixteen trivially copyable bytes: everything that a CEL expression can compute with.
///
/// A value never owns anything. Texts, lists and maps live in a `Memory` and a value holds their
/// place in it, so that copying a value costs two moves and no reference count. A value means
/// nothing without the memory it came from.
package struct Value: BitwiseCopyable, Sendable {
  /// The tag in the lowest octet, `flags` in the next, `aux` in the upper half: with it a value is
  /// two words, so that what moves one moves nothing smaller.
  private var head: UInt64
  /// The number itself, or where in memory the contents are.
  package var bits: UInt64

  // Only `init` writes a tag, so that the lowest octet is always one: looking it up among the cases
  // would cost each step of the machine a branch.
  @inline(__always) package var tag: Tag {
    unsafe unsafeBitCast(UInt8(truncatingIfNeeded: head), to: Tag.self)
  }
  /// What only some tags use: bit 0 of a map says that it has a hash index (`Memory+Maps`).
  @inline(__always) var flags: UInt8 {
    get { UInt8(truncatingIfNeeded: head &>> 8) }
    set { head = head & ~0xff00 | UInt64(newValue) &<< 8 }
  }
  /// Nanoseconds of a timestamp, number of elements of a list, of entries of a map, program counter
  /// of an error.
  @inline(__always) package var aux: UInt32 {
    get { UInt32(truncatingIfNeeded: head &>> 32) }
    set { head = head & 0xffff_ffff | UInt64(newValue) &<< 32 }
  }
  /// Whether it is a map whose entries are searched one by one.
  @inline(__always) var isPlainMap: Bool {
    UInt16(truncatingIfNeeded: head) == UInt16(Tag.map.rawValue)
  }

  package enum Tag: UInt8, BitwiseCopyable, Sendable {
    /// No value: a variable without a binding, a definition that has not run yet.
    case unset
    case null, bool, int, uint, double, string, bytes, timestamp, duration, list, map, type,
      optional
    /// A type that an extension library brings (`net.IP` and the like): `aux` says which, `bits`
    /// its place in memory.
    case opaque
    case error
  }

  @inline(__always) package init(_ tag: Tag, aux: UInt32 = 0, bits: UInt64 = 0) {
    head = UInt64(tag.rawValue) | UInt64(aux) &<< 32
    self.bits = bits
  }

  package static var null: Value { Value(.null) }
  package static var unset: Value { Value(.unset) }
  package static var `true`: Value { Value(.bool, bits: 1) }
  package static var `false`: Value { Value(.bool) }
  @inline(__always) package static func bool(_ value: Bool) -> Value {
    Value(.bool, bits: value ? 1 : 0)
  }
  @inline(__always) package static func int(_ value: Int64) -> Value {
    Value(.int, bits: UInt64(bitPattern: value))
  }
  @inline(__always) package static func uint(_ value: UInt64) -> Value { Value(.uint, bits: value) }
  @inline(__always) package static func double(_ value: Double) -> Value {
    Value(.double, bits: value.bitPattern)
  }
  @inline(__always) package static func string(_ id: TextID) -> Value {
    Value(.string, bits: UInt64(id))
  }
  @inline(__always) package static func bytes(_ id: TextID) -> Value {
    Value(.bytes, bits: UInt64(id))
  }
  @inline(__always) package static func duration(_ nanoseconds: Int64) -> Value {
    Value(.duration, bits: UInt64(bitPattern: nanoseconds))
  }
  package static func timestamp(_ timestamp: Timestamp) -> Value {
    Value(.timestamp, aux: timestamp.nanoseconds, bits: UInt64(bitPattern: timestamp.seconds))
  }
  /// A type as a value: its name is a text.
  package static func type(_ name: TextID) -> Value { Value(.type, bits: UInt64(name)) }
  package static var none: Value { Value(.optional) }

  @inline(__always) package var isTrue: Bool { tag == .bool && bits != 0 }
  @inline(__always) package var isFalse: Bool { tag == .bool && bits == 0 }
  @inline(__always) package var isError: Bool { tag == .error }
  @inline(__always) var int: Int64 { Int64(bitPattern: bits) }
  @inline(__always) var double: Double { Double(bitPattern: bits) }
  @inline(__always) package var text: TextID { TextID(truncatingIfNeeded: bits) }
  @inline(__always) package var count: Int { Int(aux) }
  /// Index of the first element in memory, of a list or a map.
  @inline(__always) var start: Int { Int(truncatingIfNeeded: bits) }
  var asTimestamp: Timestamp {
    Timestamp(seconds: int, nanoseconds: Int64(aux)) ?? Timestamp.epoch
  }
  var isNumber: Bool { tag == .int || tag == .uint || tag == .double }

  /// The same bits: the same value for every tag but numbers of different types, doubles, lists,
  /// maps and optionals.
  @inline(__always) func isSame(_ other: Value) -> Bool {
    bits == other.bits && (head ^ other.head) & ~0xff00 == 0
  }
}

extension Timestamp {
  static var epoch: Timestamp {
    Timestamp(trusted: 0, nanoseconds: 0)
  }
}

/// The number of an interned text. Two texts of one memory are equal exactly when their ids are.
package typealias TextID = UInt32
