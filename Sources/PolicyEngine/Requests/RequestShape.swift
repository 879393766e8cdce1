import CEL

/// The attributes that requests of one kind carry, declared once: where each belongs is worked out
/// here and not again for every request.
///
/// ```swift
/// let shape = try RequestShape([
///   "action.reassign", "resource.current_model.id", "resource.current_model.inference_type",
/// ])
/// let reassign = shape.slot("action.reassign")
/// ```
///
/// An attribute is a path below `action`, `resource` or `context`, its names joined by dots. What
/// belongs to the subject is prepared with the subject. A request need not carry every attribute of
/// its shape: one that is not given is missing, as in JSON, and so is an object of which nothing is
/// given.
public struct RequestShape: Sendable {
  /// The place of one attribute. Means nothing in another shape.
  public struct Slot: Hashable, Sendable {
    let index: Int32
  }

  /// Objects, each behind those inside it.
  private(set) var objects: [ObjectForm.Object] = []
  private(set) var members: [ObjectForm.Member] = []
  /// Those of the action, the resource and the context.
  private(set) var parts: [Int32] = []
  private var slots: [String: Slot] = [:]

  /// How many attributes there are.
  public var count: Int { slots.count }

  private static let roots = ["action", "resource", "context"]
  private static let reserved: Set = ["action.name", "resource.type", "resource.id"]

  /// A shape with these attributes, whose order is the order of members in objects.
  ///
  /// - Throws: `RequestError` (`invalid-attribute`) if a path does not start at `action`,
  ///   `resource` or `context`, names a member that the part has by itself, comes twice, leads
  ///   through another attribute, or if there are more than `EngineLimits.shapeAttributes`.
  public init(_ attributes: [String]) throws(RequestError) {
    var tree = Tree()
    guard attributes.count <= EngineLimits.shapeAttributes else {
      throw Self.fault("a shape may have \(EngineLimits.shapeAttributes) attributes")
    }
    for (index, attribute) in attributes.enumerated() {
      let names = attribute.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard names.count > 1, let root = Self.roots.firstIndex(of: names[0]) else {
        throw Self.fault(
          "the attribute `\(attribute)` must be below `action`, `resource` or `context`")
      }
      guard names.count <= EngineLimits.shapeDepth else {
        throw Self.fault(
          "the attribute `\(attribute)` has more than \(EngineLimits.shapeDepth) names")
      }
      guard !Self.reserved.contains(names[0] + "." + names[1]) else {
        throw Self.fault("the attribute `\(attribute)` is the request's own")
      }
      guard tree.add(names.dropFirst(), at: root, slot: Int32(index)) else {
        throw Self.fault(
          "the attribute `\(attribute)` is declared twice, or is part of another one")
      }
      slots[attribute] = Slot(index: Int32(index))
    }
    // What a part has by itself comes first.
    let count = Int32(attributes.count)
    let own: [[ObjectForm.Member]] = [
      [.init(name: "name", slot: count)],
      [.init(name: "type", slot: count + 1), .init(name: "id", slot: count + 2)], [],
    ]
    parts = Self.roots.indices.map { flatten(tree, $0, own[$0], isPart: true) }
  }

  /// Slots of the action's name, the resource's type and its id.
  var nameSlot: Int32 { Int32(count) }
  var typeSlot: Int32 { Int32(count) + 1 }
  var idSlot: Int32 { Int32(count) + 2 }

  /// Puts an object behind everything inside it; gives its number. As deep as `shapeDepth`.
  private mutating func flatten(
    _ tree: Tree, _ node: Int, _ first: [ObjectForm.Member] = [], isPart: Bool = false
  ) -> Int32 {
    var own = first
    for child in tree.nodes[node].children {
      let slot = tree.nodes[child].slot
      let object = slot < 0 ? flatten(tree, child) : -1
      own.append(ObjectForm.Member(name: tree.nodes[child].name, slot: slot, object: object))
    }
    objects.append(
      ObjectForm.Object(
        start: Int32(members.count), count: Int32(own.count), isAlwaysThere: isPart))
    members += own
    return Int32(objects.count - 1)
  }

  private static func fault(_ message: String) -> RequestError {
    RequestError(code: "invalid-attribute", message: message, help: nil, line: 0, column: 0)
  }

  /// The slot of an attribute; nil if the shape does not have it.
  public func slot(_ attribute: String) -> Slot? { slots[attribute] }
}

/// Attribute paths as a tree, while a shape is made.
private struct Tree {
  struct Node {
    var name = ""
    var slot: Int32 = -1
    var children: [Int] = []
  }
  var nodes = [Node](repeating: Node(), count: 3)

  /// Adds a path below a root; false if an attribute stands in its way or would contain others.
  mutating func add(_ names: ArraySlice<String>, at root: Int, slot: Int32) -> Bool {
    var node = root
    for (place, name) in names.enumerated() {
      let isLast = place == names.count - 1
      // By code point: Swift's `==` of strings takes canonically equivalent ones for the same.
      let known = nodes[node].children.first {
        nodes[$0].name.unicodeScalars.elementsEqual(name.unicodeScalars)
      }
      if let known {
        guard !isLast, nodes[known].slot < 0 else { return false }
        node = known
      } else {
        nodes.append(Node(name: name, slot: isLast ? slot : -1))
        nodes[node].children.append(nodes.count - 1)
        node = nodes.count - 1
      }
    }
    return true
  }
}
