import Synchronization

/// The policy set in force: many threads decide by it while one replaces it.
///
/// A replacement is atomic: whoever asks sees the old set or the new one, whole, and a decision
/// that has begun ends with the set that it began with. The old set lives until its last user lets
/// go of it, so nothing is ever reclaimed under a reader.
///
/// Threads that decide often keep a `LiveAuthorizer` each: it reads one atomic number a decision
/// and takes the lock only when that has changed.
///
/// ```swift
/// let live = LivePolicySet(try PolicySet(folder: "policies"))
/// …
/// live.replace(with: try PolicySet(folder: "policies"))   // throws before it replaces
/// ```
public final class LivePolicySet: Sendable {
  private let held: Mutex<PolicySet>
  private let replacements = Atomic<UInt64>(0)

  /// Begins with this set, as generation 0.
  public init(_ policies: PolicySet) { held = Mutex(policies) }

  /// The set in force. Takes a lock for as long as copying one reference takes.
  public var current: PolicySet { held.withLock { $0 } }

  /// How often the set was replaced. Read without a lock; a change that another thread has seen is
  /// seen here too.
  public var generation: UInt64 { replacements.load(ordering: .acquiring) }

  /// The set in force and its generation, which belong together.
  public var snapshot: (policies: PolicySet, generation: UInt64) {
    held.withLock { ($0, replacements.load(ordering: .acquiring)) }
  }

  /// Puts another set in force, from the next decision on; returns the one that was.
  ///
  /// What does not load never gets here: a `PolicySet` that exists has loaded completely.
  @discardableResult public func replace(with policies: PolicySet) -> PolicySet {
    held.withLock { current in
      let previous = current
      current = policies
      // Inside the lock, so that set and generation change together for `snapshot`.
      replacements.add(1, ordering: .acquiringAndReleasing)
      return previous
    }
  }
}

/// An authorizer that follows a `LivePolicySet`: every decision is made by the set that is in force
/// when it begins.
///
/// It belongs to one thread at a time, like the `Authorizer` inside it; make one for each.
public struct LiveAuthorizer: Sendable {
  private let live: LivePolicySet
  private var generation: UInt64
  private var authorizer: Authorizer

  /// An authorizer for the set in force, now and later.
  public init(_ live: LivePolicySet) {
    self.live = live
    let snapshot = live.snapshot
    generation = snapshot.generation
    authorizer = Authorizer(snapshot.policies)
  }

  /// Whether decisions carry clauses, values and missing facts; kept when the set is replaced.
  public var explains: Bool {
    get { authorizer.explains }
    set { authorizer.explains = newValue }
  }

  /// The set that the last decision was made by, or the first one will be.
  public var policies: PolicySet { authorizer.policies }

  /// Goes over to the set in force if it is another one; says whether it was.
  ///
  /// Every decision does this by itself. Call it to know when what was prepared for the old set has
  /// to be prepared anew.
  @discardableResult public mutating func refresh() -> Bool {
    guard live.generation != generation else { return false }
    let snapshot = live.snapshot
    var next = Authorizer(snapshot.policies)
    next.explains = authorizer.explains
    authorizer = next
    generation = snapshot.generation
    return true
  }

  /// Lends the authorizer of the set in force, for everything that an authorizer can do.
  public mutating func withAuthorizer<T, Failure: Error>(
    _ body: (inout Authorizer) throws(Failure) -> T
  ) throws(Failure) -> T {
    refresh()
    return try body(&authorizer)
  }

  /// Decides a request by the set in force.
  ///
  /// - Throws: `RequestError` if the request is not well-formed.
  public mutating func decide(_ request: Request) throws(RequestError) -> Decision {
    refresh()
    return try authorizer.decide(request)
  }

  /// Decides an AuthZEN evaluation in JSON by the set in force.
  ///
  /// - Throws: `RequestError` with the place of what is wrong.
  public mutating func decide(json: [UInt8]) throws(RequestError) -> Decision {
    refresh()
    return try authorizer.decide(json: json)
  }

  /// Only what comes of a request, by the set in force.
  ///
  /// - Throws: `RequestError` if the request is not well-formed.
  public mutating func outcome(of request: Request) throws(RequestError) -> Outcome {
    refresh()
    return try authorizer.outcome(of: request)
  }
}
