public import PolicyEngine

/// Knows subjects beside the directory's files: the users of a site.
public protocol SubjectSource: Sendable {
  /// What is known of a subject now; nil for somebody who is not known. Types and ids go by their
  /// bytes.
  func subject(type: String, id: String) -> Request.Entity?

  /// The ids of all subjects of a type.
  func subjectIDs(ofType type: String) -> [String]
}
