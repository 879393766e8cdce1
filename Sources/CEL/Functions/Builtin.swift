/// Every function that the machine knows, one case a name.
enum Builtin: UInt16, CaseIterable, Sendable {
  // Core
  case size, contains, startsWith, endsWith, matches
  case type, dyn, int, uint, double, string, bytes, bool, timestamp, duration
  case getFullYear, getMonth, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear
  case getHours, getMinutes, getSeconds, getMilliseconds
  // strings
  case charAt, indexOf, lastIndexOf, join, lowerAscii, upperAscii, quote, replace, split, substring
  case trim, reverse, format
  // math
  case greatest, least, ceil, floor, round, trunc, abs, sign, isNaN, isInf, isFinite, sqrt
  case bitAnd, bitOr, bitXor, bitNot, bitShiftLeft, bitShiftRight
  // encoders
  case base64Encode, base64Decode, base64EncodeURL, base64DecodeURL, jsonEncode
  // optionals
  case optionalOf, optionalOfNonZero, optionalNone, unwrapAll, hasValue, optionalValue, or, orValue
  case first, last
  // network
  case ip, cidr, isIP, isCIDR, isCanonical, family, isUnspecified, isLoopback, isGlobalUnicast
  case isLinkLocalUnicast, isLinkLocalMulticast, containsIP, containsCIDR, masked, prefixLength
  case isMask
  // lists
  case distinct, flatten, range, slice, sort
  // sets
  case setContains, setEquivalent, setIntersects
  // regex
  case regexReplace, regexExtract, regexExtractAll
  /// A message of a well-known protobuf type: its name and a map of its fields.
  case wellKnown

  /// Whether a call with constant arguments may be computed when the program is made.
  var isFoldable: Bool { self != .dyn && self != .type }

  /// Whether more arguments than any overload takes are passed as one list.
  var isVariadic: Bool { self == .greatest || self == .least }

  /// The argument that is a regular expression, for functions other than `matches`.
  var patternArgument: Int? {
    switch self {
    case .regexReplace, .regexExtract, .regexExtractAll: 1
    default: nil
    }
  }

  /// Where the function lives: the second level of dispatch has one function a group.
  var group: Group {
    switch rawValue {
    case Self.charAt.rawValue...Self.format.rawValue: .strings
    case Self.greatest.rawValue...Self.bitShiftRight.rawValue: .math
    case Self.base64Encode.rawValue...Self.jsonEncode.rawValue: .encoders
    case Self.optionalOf.rawValue...Self.last.rawValue: .optionals
    case Self.ip.rawValue...Self.isMask.rawValue: .network
    case Self.distinct.rawValue...Self.sort.rawValue: .lists
    case Self.setContains.rawValue...Self.setIntersects.rawValue: .sets
    case Self.regexReplace.rawValue...Self.regexExtractAll.rawValue: .regex
    case Self.wellKnown.rawValue: .messages
    default: .core
    }
  }

  enum Group {
    case core, strings, math, encoders, optionals, network, lists, sets, regex, messages
  }

  /// Whether the second argument names a time zone.
  var takesTimeZone: Bool {
    rawValue >= Self.getFullYear.rawValue && rawValue <= Self.getMilliseconds.rawValue
  }
}

/// The arguments of a call: at most four.
struct Arguments: BitwiseCopyable {
  var count: Int
  var first = Value.null
  var second = Value.null
  var third = Value.null
  var fourth = Value.null

  init(_ values: [Value]) {
    count = values.count
    if count > 0 { first = values[0] }
    if count > 1 { second = values[1] }
    if count > 2 { third = values[2] }
    if count > 3 { fourth = values[3] }
  }

  init(_ registers: borrowing MutableSpan<Value>, from start: Int, count: Int) {
    self.count = count
    if count > 0 { first = registers[start] }
    if count > 1 { second = registers[start + 1] }
    if count > 2 { third = registers[start + 2] }
    if count > 3 { fourth = registers[start + 3] }
  }

  /// The first error among them.
  var error: Value? {
    if first.isError { return first }
    if count > 1, second.isError { return second }
    if count > 2, third.isError { return third }
    if count > 3, fourth.isError { return fourth }
    return nil
  }
}
