/// The functions of the core language: names, overloads and which part of the language brings them.
///
/// The machine dispatches on the operands themselves, so there is one `Builtin` a name, not one an
/// overload; the overloads are for the checker and for messages.
enum StandardLibrary {
  struct Entry: Sendable {
    var builtin: Builtin
    var library: Extensions
    var overloads: [String]
    init(_ builtin: Builtin, _ overloads: String..., in library: Extensions = []) {
      self.init(builtin, overloads, in: library)
    }
    init(_ builtin: Builtin, _ overloads: [String], in library: Extensions) {
      self.builtin = builtin
      self.library = library
      self.overloads = overloads
    }
  }

  struct Function: Sendable {
    var builtin: Builtin
    var library: Extensions
    var overload: Overload
  }

  /// Every function by name.
  static let functions: [String: [Function]] = {
    var table: [String: [Function]] = [:]
    for entry in core + ExtensionLibraries.entries {
      for text in entry.overloads {
        guard let overload = Overload(text) else { preconditionFailure("not a signature: \(text)") }
        table[overload.name, default: []].append(
          Function(builtin: entry.builtin, library: entry.library, overload: overload))
      }
    }
    return table
  }()

  private static let core: [Entry] = [
    Entry(
      .size, "size(string) -> int", "string.size() -> int", "size(bytes) -> int",
      "bytes.size() -> int", "size(list(A)) -> int", "list(A).size() -> int",
      "size(map(A, B)) -> int", "map(A, B).size() -> int"),
    Entry(.contains, "string.contains(string) -> bool"),
    Entry(.startsWith, "string.startsWith(string) -> bool"),
    Entry(.endsWith, "string.endsWith(string) -> bool"),
    Entry(.matches, "matches(string, string) -> bool", "string.matches(string) -> bool"),
    Entry(.type, "type(A) -> type(A)"),
    Entry(.dyn, "dyn(A) -> dyn"),
    Entry(
      .int, "int(int) -> int", "int(uint) -> int", "int(double) -> int", "int(string) -> int",
      "int(timestamp) -> int", "int(duration) -> int"),
    Entry(
      .uint, "uint(uint) -> uint", "uint(int) -> uint", "uint(double) -> uint",
      "uint(string) -> uint"),
    Entry(
      .double, "double(double) -> double", "double(int) -> double", "double(uint) -> double",
      "double(string) -> double"),
    Entry(
      .string, "string(string) -> string", "string(bool) -> string", "string(int) -> string",
      "string(uint) -> string", "string(double) -> string", "string(bytes) -> string",
      "string(timestamp) -> string", "string(duration) -> string"),
    Entry(.bytes, "bytes(bytes) -> bytes", "bytes(string) -> bytes"),
    Entry(.bool, "bool(bool) -> bool", "bool(string) -> bool"),
    Entry(
      .timestamp, "timestamp(timestamp) -> timestamp", "timestamp(string) -> timestamp",
      "timestamp(int) -> timestamp"),
    Entry(.duration, "duration(duration) -> duration", "duration(string) -> duration"),
    Entry(.getFullYear, "timestamp.getFullYear() -> int", "timestamp.getFullYear(string) -> int"),
    Entry(.getMonth, "timestamp.getMonth() -> int", "timestamp.getMonth(string) -> int"),
    Entry(.getDate, "timestamp.getDate() -> int", "timestamp.getDate(string) -> int"),
    Entry(
      .getDayOfMonth, "timestamp.getDayOfMonth() -> int", "timestamp.getDayOfMonth(string) -> int"),
    Entry(
      .getDayOfWeek, "timestamp.getDayOfWeek() -> int", "timestamp.getDayOfWeek(string) -> int"),
    Entry(
      .getDayOfYear, "timestamp.getDayOfYear() -> int", "timestamp.getDayOfYear(string) -> int"),
    Entry(
      .getHours, "timestamp.getHours() -> int", "timestamp.getHours(string) -> int",
      "duration.getHours() -> int"),
    Entry(
      .getMinutes, "timestamp.getMinutes() -> int", "timestamp.getMinutes(string) -> int",
      "duration.getMinutes() -> int"),
    Entry(
      .getSeconds, "timestamp.getSeconds() -> int", "timestamp.getSeconds(string) -> int",
      "duration.getSeconds() -> int"),
    Entry(
      .getMilliseconds, "timestamp.getMilliseconds() -> int",
      "timestamp.getMilliseconds(string) -> int", "duration.getMilliseconds() -> int"),
  ]

  // MARK: Operators

  private static func rows(_ rows: (CELType, CELType, CELType)...) -> [[CELType]] {
    rows.map { [$0.0, $0.1, $0.2] }
  }
  private static let a = CELType.parameter("A")
  private static let b = CELType.parameter("B")

  /// Operand types and result of each binary operator, most usual first.
  static func overloads(of op: Expression.Operator) -> [[CELType]] {
    switch op {
    case .add: sums
    case .subtract: differences
    case .multiply, .divide: arithmetic
    case .modulo: remainders
    case .equal, .notEqual: equalities
    case .less, .lessOrEqual, .greater, .greaterOrEqual: orders
    case .in: memberships
    case .index: indexes
    case .negate: [[.int, .int], [.double, .double]]
    case .not: [[.bool, .bool]]
    }
  }

  private static let arithmetic = rows(
    (.int, .int, .int), (.uint, .uint, .uint), (.double, .double, .double))
  private static let remainders = rows((.int, .int, .int), (.uint, .uint, .uint))
  private static let sums =
    rows((.string, .string, .string)) + arithmetic
    + rows(
      (.bytes, .bytes, .bytes), (.list(a), .list(a), .list(a)),
      (.timestamp, .duration, .timestamp), (.duration, .timestamp, .timestamp),
      (.duration, .duration, .duration))
  private static let differences =
    arithmetic
    + rows(
      (.timestamp, .timestamp, .duration), (.timestamp, .duration, .timestamp),
      (.duration, .duration, .duration))
  private static let equalities = rows((a, a, .bool))
  private static let orders: [[CELType]] = {
    let same: [CELType] = [.bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration]
    let numbers: [CELType] = [.int, .uint, .double]
    var rows = same.map { [$0, $0, .bool] }
    for left in numbers {
      for right in numbers where left != right { rows.append([left, right, .bool]) }
    }
    return rows
  }()
  private static let memberships = rows((a, .list(a), .bool), (a, .map(a, b), .bool))
  private static let indexes = rows(
    (.list(a), .int, a), (.map(a, b), a, b), (.list(a), .uint, a), (.list(a), .double, a),
    (.optional(.list(a)), .int, .optional(a)), (.optional(.map(a, b)), a, .optional(b)))
}
