/// What an expression may use: variables and their types, records, functions, extension libraries.
///
/// An environment is a value: copy it, add to it, compile with it.
public struct Environment: Sendable {
  /// A JSON object with declared attributes.
  public struct Record: Sendable {
    /// Type of each attribute.
    public var attributes: [String: CELType]
    /// Whether attributes that are not declared are allowed, with any type.
    public var isOpen: Bool

    /// A record with these attributes.
    public init(attributes: [String: CELType], isOpen: Bool = false) {
      self.attributes = attributes
      self.isOpen = isOpen
    }
  }

  /// A function that the host brings. It is called with values copied out of the engine, so it is
  /// slower than a built-in.
  struct HostFunction: Sendable {
    var overload: Overload
    var call: (@Sendable ([CELValue]) throws -> CELValue)?
  }

  /// The namespace in which names are looked up first, such as `com.example`.
  public var container = ""
  /// The parts of the language that are switched on.
  public var extensions: Extensions
  /// Whether expressions are type-checked. Without it, names must still be declared to have a
  /// value.
  public var checksTypes = true
  /// Steps that one evaluation may take (`Limits.defaultBudget`).
  public var budget = Limits.defaultBudget
  /// What is asked of an expression's estimated cost when it is compiled.
  public var costCheck = CostCheck.none
  /// Declared sizes of variables.
  var sizes = SizeHints()
  /// Rules of time zones that are named in expressions.
  public var timeZones = TimeZones()

  /// Whether the compiler recognises what has a faster form: lists that share an element, searches
  /// in a list that does not change, constant lists as sets, what a loop computes again and again.
  /// For tests and benchmarks, which compare both.
  package var optimizes = true

  package private(set) var variables: [String: CELType] = [:]
  package private(set) var records: [String: Record] = [:]
  /// Whether any variable's name has a dot: without one, selections need not be tried as names.
  private(set) var hasDottedVariables = false
  private(set) var hostFunctions: [HostFunction] = []

  /// The core language with the given extension libraries, and no variables.
  public init(extensions: Extensions = .core) { self.extensions = extensions }

  /// Declares a variable. Names may have dots (`request.user`); the longest declared name wins.
  public mutating func declare(_ name: String, _ type: CELType = .dyn) {
    variables[name] = type
    if name.utf8.contains(UInt8(ascii: ".")) { hasDottedVariables = true }
  }

  /// Declares a record type, to be used as `.record(name)`.
  public mutating func declare(record name: String, _ record: Record) { records[name] = record }

  /// Declares a function by its overload, with what it does.
  ///
  /// - Throws: `DeclarationError` if it has more parameters than a call can pass
  ///   (`Limits.functionParameters`).
  public mutating func declare(
    _ overload: Overload, _ call: (@Sendable ([CELValue]) throws -> CELValue)? = nil
  ) throws(DeclarationError) {
    guard overload.parameters.count <= Limits.functionParameters else {
      throw DeclarationError(
        message: """
          the function `\(overload.name)` has \(overload.parameters.count) parameters, and a call can \
          pass \(Limits.functionParameters); let it take a list
          """)
    }
    hostFunctions.append(HostFunction(overload: overload, call: call))
  }

  /// The names under which something called `name` may be declared, innermost namespace first.
  func candidates(for name: String) -> [String] {
    guard !name.hasPrefix(".") else { return [String(name.dropFirst())] }
    guard !container.isEmpty else { return [name] }
    var names: [String] = []
    var prefix = Substring(container)
    while true {
      names.append("\(prefix).\(name)")
      guard let dot = prefix.utf8.lastIndex(of: UInt8(ascii: ".")) else { break }
      prefix = prefix[..<dot]
    }
    return names + [name]
  }
}

/// Why something can't be declared in an environment.
public struct DeclarationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public let message: String

  /// The message.
  public var description: String { message }
}

/// Where rules of time zones come from. The engine itself reads no files: a host that wants zones
/// by name hands in a reader of its zone database; evaluation never calls it, compilation does.
public struct TimeZones: Sendable {
  /// The bytes of a TZif file (RFC 8536) by zone name, or nil.
  package var read: (@Sendable (String) -> [UInt8]?)?
  /// All names that the database has, for zone names that are computed.
  package var names: (@Sendable () -> [String])?

  /// UTC and fixed offsets only.
  public init() {}

  /// Zones from a database: a reader of TZif files by name, and the list of its names.
  public init(
    read: @escaping @Sendable (String) -> [UInt8]?, names: @escaping @Sendable () -> [String]
  ) {
    self.read = read
    self.names = names
  }
}
