public import PolicyEngine

/// Something that a service does only with a permit.
///
/// An operation says what the policy is asked about it. What is known of the world when it is judged
/// (`Facts`) comes from the service, which must see to it that these facts still hold when the
/// operation takes effect: in one transaction, or by conditions on what was read.
///
/// ```swift
/// struct SendInvoice: Operation {
///   var number: Int
///   func request(by subject: Request.Entity, given invoice: Invoice) -> Request {
///     Request(
///       subject: subject, action: .init(name: "invoice:send"),
///       resource: .init(type: "invoice", id: "\(number)", properties: ["total": .int(invoice.total)]))
///   }
/// }
/// ```
public protocol Operation: Sendable {
  /// What must be known to judge it.
  associatedtype Facts: Sendable

  /// Whether it only reads. Of an operation that reads, no effect stands beside its log record.
  static var isRead: Bool { get }

  /// What the policy is asked.
  func request(by subject: Request.Entity, given facts: Facts) -> Request
}

extension Operation {
  /// Operations have effects unless they say otherwise.
  public static var isRead: Bool { false }
}

/// The facts of operations that need none.
public struct NoFacts: Hashable, Sendable {
  /// Nothing.
  public init() {}
}
