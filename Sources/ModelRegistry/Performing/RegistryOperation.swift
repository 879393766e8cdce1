import CEL
public import PolicyEngine
public import PolicyGate

/// Something that can be done with a registry. The registry's own operations alone can be: nobody
/// else can make a `FactReader` or an `Effect`.
public protocol RegistryOperation: Operation {
  /// The action that policies know it by.
  static var action: String { get }

  /// What it is about: an id or a name. Two attempts of one key are one attempt only if they are
  /// about the same thing.
  var target: String { get }

  /// Checks that its parameters are not too large, before anything is read or judged.
  func checkLimits() throws(RegistryError)

  /// Reads what must be known to judge and perform it.
  func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts
}

/// An operation that changes something.
public protocol RegistryWrite: RegistryOperation {
  /// What comes of it.
  associatedtype Output: Sendable

  /// What is written, given that policies allow it. Whatever policies say, this keeps the registry
  /// whole: names stay unique, and nothing dangles.
  ///
  /// - Throws: `RegistryError` if it can't be done.
  func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<Output>

  /// What came of an attempt that was performed before.
  func output(ofRepeated attempt: Attempt) -> Output
}

/// An operation that reads one thing.
public protocol RegistryRead: RegistryOperation {
  /// What comes of it.
  associatedtype Output: Sendable

  /// The answer, from what it was judged by.
  ///
  /// - Throws: `RegistryError` if there is none.
  func answer(from facts: Facts) throws(RegistryError) -> Output
}

/// An operation that lists what the caller may see.
public protocol RegistrySearch: RegistryOperation {
  /// What comes of it.
  associatedtype Output: Sendable

  /// Collects a page.
  ///
  /// - Parameter isVisible: asks the policies whether the caller may see what a request is about.
  func page(
    from reader: inout FactReader, for attempt: Attempt,
    isVisible: (Request) throws -> Bool
  ) throws -> Output
}

extension RegistryWrite {
  /// It has an effect.
  public static var isRead: Bool { false }
}

extension RegistryWrite where Output == Void {
  /// Nothing comes of it.
  public func output(ofRepeated attempt: Attempt) {}
}

extension RegistryRead {
  /// It only reads.
  public static var isRead: Bool { true }
}

extension RegistrySearch {
  /// It only reads.
  public static var isRead: Bool { true }
}

/// What an operation writes, and what comes of it.
public struct Effect<Output: Sendable>: Sendable {
  let writes: [RecordKey: Record?]
  let output: Output

  init(writing records: [Record], removing keys: [RecordKey] = [], output: Output) {
    var writes = [RecordKey: Record?](minimumCapacity: keys.count + records.count)
    for key in keys { writes[key] = .some(nil) }
    for record in records { writes[record.key] = .some(record) }
    (self.writes, self.output) = (writes, output)
  }
}

extension Effect where Output == Void {
  init(writing records: [Record], removing keys: [RecordKey] = []) {
    self.init(writing: records, removing: keys, output: ())
  }
}

/// A page of a list.
public struct Page<Item: Sendable>: Sendable {
  /// What is on it, in the order of ids' bytes.
  public let items: [Item]
  /// Where the next page begins: behind this id. Nil if there is nothing more. A page may have
  /// fewer items than asked for, even none, and yet not be the last.
  public let next: String?
}
