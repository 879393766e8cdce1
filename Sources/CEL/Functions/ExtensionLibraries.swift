/// The functions of the extension libraries: one table a library.
enum ExtensionLibraries {
  typealias Entry = StandardLibrary.Entry

  static let entries =
    strings + math + encoders + optionals + network + lists + sets + regex

  private static let strings: [Entry] = [
    Entry(.charAt, "string.charAt(int) -> string", in: .strings),
    Entry(
      .indexOf, "string.indexOf(string) -> int", "string.indexOf(string, int) -> int",
      in: .strings),
    Entry(
      .lastIndexOf, "string.lastIndexOf(string) -> int", "string.lastIndexOf(string, int) -> int",
      in: .strings),
    Entry(
      .join, "list(string).join() -> string", "list(string).join(string) -> string", in: .strings),
    Entry(.lowerAscii, "string.lowerAscii() -> string", in: .strings),
    Entry(.upperAscii, "string.upperAscii() -> string", in: .strings),
    Entry(.quote, "strings.quote(string) -> string", in: .strings),
    Entry(
      .replace, "string.replace(string, string) -> string",
      "string.replace(string, string, int) -> string", in: .strings),
    Entry(
      .split, "string.split(string) -> list(string)", "string.split(string, int) -> list(string)",
      in: .strings),
    Entry(
      .substring, "string.substring(int) -> string", "string.substring(int, int) -> string",
      in: .strings),
    Entry(.trim, "string.trim() -> string", in: .strings),
    Entry(.reverse, "string.reverse() -> string", in: .strings),
    Entry(.format, "string.format(list(dyn)) -> string", in: .strings),
  ]

  // MARK: Math

  private static let math: [Entry] =
    [extreme(.greatest), extreme(.least)]
    + [
      unary(.ceil, "double"), unary(.floor, "double"), unary(.round, "double"),
      unary(.trunc, "double"), unary(.abs, "int", "uint", "double"),
      unary(.sign, "int", "uint", "double"), unary(.bitNot, "int", "uint"),
      Entry(.isNaN, "math.isNaN(double) -> bool", in: .math),
      Entry(.isInf, "math.isInf(double) -> bool", in: .math),
      Entry(.isFinite, "math.isFinite(double) -> bool", in: .math),
      Entry(
        .sqrt, "math.sqrt(double) -> double", "math.sqrt(int) -> double",
        "math.sqrt(uint) -> double", in: .math),
      binary(.bitAnd, "int", "uint"), binary(.bitOr, "int", "uint"), binary(.bitXor, "int", "uint"),
      Entry(
        .bitShiftLeft, "math.bitShiftLeft(int, int) -> int", "math.bitShiftLeft(uint, int) -> uint",
        in: .math),
      Entry(
        .bitShiftRight, "math.bitShiftRight(int, int) -> int",
        "math.bitShiftRight(uint, int) -> uint", in: .math),
    ]

  private static func unary(_ builtin: Builtin, _ types: String...) -> Entry {
    Entry(builtin, types.map { "math.\(builtin)(\($0)) -> \($0)" }, in: .math)
  }

  private static func binary(_ builtin: Builtin, _ types: String...) -> Entry {
    Entry(builtin, types.map { "math.\(builtin)(\($0), \($0)) -> \($0)" }, in: .math)
  }

  /// One number, two numbers of any types, or a list of them. More arguments are passed as a list.
  private static func extreme(_ builtin: Builtin) -> Entry {
    let numbers = ["int", "uint", "double"]
    var overloads: [String] = []
    for left in numbers {
      overloads.append("math.\(builtin)(\(left)) -> \(left)")
      overloads.append("math.\(builtin)(list(\(left))) -> \(left)")
      for right in numbers {
        overloads.append(
          "math.\(builtin)(\(left), \(right)) -> \(left == right ? left : "dyn")")
      }
    }
    return Entry(builtin, overloads, in: .math)
  }

  // MARK: Others

  private static let encoders: [Entry] = [
    Entry(.base64Encode, "base64.encode(bytes) -> string", in: .encoders),
    Entry(.base64Decode, "base64.decode(string) -> bytes", in: .encoders),
    Entry(.base64EncodeURL, "base64.encodeUrl(bytes) -> string", in: .encoders),
    Entry(.base64DecodeURL, "base64.decodeUrl(string) -> bytes", in: .encoders),
    Entry(.jsonEncode, "json.encode(dyn) -> string", in: .encoders),
  ]

  private static let optionals: [Entry] = [
    Entry(.optionalOf, "optional.of(A) -> optional(A)", in: .optionals),
    Entry(.optionalOfNonZero, "optional.ofNonZeroValue(A) -> optional(A)", in: .optionals),
    Entry(.optionalNone, "optional.none() -> optional(A)", in: .optionals),
    Entry(
      .unwrapAll, "optional.unwrap(list(optional(A))) -> list(A)",
      "list(optional(A)).unwrapOpt() -> list(A)", in: .optionals),
    Entry(.hasValue, "optional(A).hasValue() -> bool", in: .optionals),
    Entry(.optionalValue, "optional(A).value() -> A", in: .optionals),
    Entry(.or, "optional(A).or(optional(A)) -> optional(A)", in: .optionals),
    Entry(.orValue, "optional(A).orValue(A) -> A", in: .optionals),
    Entry(.first, "list(A).first() -> optional(A)", in: .optionals),
    Entry(.last, "list(A).last() -> optional(A)", in: .optionals),
  ]

  private static let network: [Entry] = [
    Entry(.ip, "ip(string) -> net.IP", "net.CIDR.ip() -> net.IP", in: .network),
    Entry(.cidr, "cidr(string) -> net.CIDR", in: .network),
    Entry(.isIP, "isIP(string) -> bool", in: .network),
    Entry(.isCIDR, "isCIDR(string) -> bool", in: .network),
    Entry(.isCanonical, "ip.isCanonical(string) -> bool", in: .network),
    Entry(.string, "string(net.IP) -> string", "string(net.CIDR) -> string", in: .network),
    Entry(.family, "net.IP.family() -> int", in: .network),
    Entry(.isUnspecified, "net.IP.isUnspecified() -> bool", in: .network),
    Entry(.isLoopback, "net.IP.isLoopback() -> bool", in: .network),
    Entry(.isGlobalUnicast, "net.IP.isGlobalUnicast() -> bool", in: .network),
    Entry(.isLinkLocalUnicast, "net.IP.isLinkLocalUnicast() -> bool", in: .network),
    Entry(.isLinkLocalMulticast, "net.IP.isLinkLocalMulticast() -> bool", in: .network),
    Entry(
      .containsIP, "net.CIDR.containsIP(net.IP) -> bool", "net.CIDR.containsIP(string) -> bool",
      in: .network),
    Entry(
      .containsCIDR, "net.CIDR.containsCIDR(net.CIDR) -> bool",
      "net.CIDR.containsCIDR(string) -> bool", in: .network),
    Entry(.masked, "net.CIDR.masked() -> net.CIDR", in: .network),
    Entry(.prefixLength, "net.CIDR.prefixLength() -> int", in: .network),
    Entry(.isMask, "net.CIDR.isMask() -> bool", in: .network),
  ]

  private static let lists: [Entry] = [
    Entry(.distinct, "list(A).distinct() -> list(A)", in: .lists),
    Entry(
      .flatten, "list(list(A)).flatten() -> list(A)", "list(dyn).flatten(int) -> list(dyn)",
      in: .lists),
    Entry(.range, "lists.range(int) -> list(int)", in: .lists),
    Entry(.reverse, "list(A).reverse() -> list(A)", in: .lists),
    Entry(.slice, "list(A).slice(int, int) -> list(A)", in: .lists),
    Entry(
      .sort,
      ["int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"].map {
        "list(\($0)).sort() -> list(\($0))"
      }, in: .lists),
  ]

  private static let sets: [Entry] = [
    Entry(.setContains, "sets.contains(list(A), list(A)) -> bool", in: .sets),
    Entry(.setEquivalent, "sets.equivalent(list(A), list(A)) -> bool", in: .sets),
    Entry(.setIntersects, "sets.intersects(list(A), list(A)) -> bool", in: .sets),
  ]

  private static let regex: [Entry] = [
    Entry(
      .regexReplace, "regex.replace(string, string, string) -> string",
      "regex.replace(string, string, string, int) -> string", in: .regex),
    Entry(.regexExtract, "regex.extract(string, string) -> optional(string)", in: .regex),
    Entry(.regexExtractAll, "regex.extractAll(string, string) -> list(string)", in: .regex),
  ]
}
