import CEL

extension ModelGroup {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id)
    writer.member("name", name)
    writer.member("summary", optional: summary)
    writer.member("latest_version", latestVersion)
    writer.member("backend_roles", texts: backendRoles)
    if let owner {
      writer.name("owner")
      writer.beginObject()
      owner.write(to: &writer)
      writer.endObject()
    }
    writer.member("access", access.rawValue)
    writer.member("created_time", createdTime)
    writer.member("last_updated_time", lastUpdatedTime)
  }

  init(_ reader: inout RecordReader) throws(StoreError) {
    id = try reader.text("id")
    name = try reader.text("name")
    summary = try reader.optionalText("summary")
    latestVersion = try reader.int("latest_version")
    backendRoles = try reader.texts("backend_roles")
    if var inner = try reader.optionalObject("owner") {
      owner = try Owner(&inner)
      try inner.finish()
    } else {
      owner = nil
    }
    access = try reader.word("access", as: Access.self)
    createdTime = try reader.int64("created_time")
    lastUpdatedTime = try reader.int64("last_updated_time")
  }
}

extension ModelGroup.Owner {
  func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("backend_roles", texts: backendRoles)
    writer.member("roles", texts: roles)
  }

  init(_ reader: inout RecordReader) throws(StoreError) {
    name = try reader.text("name")
    backendRoles = try reader.texts("backend_roles")
    roles = try reader.texts("roles")
  }
}

extension GroupModel {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id)
    writer.member("name", name)
    writer.member("group", optional: groupID)
    writer.member("version", version)
    writer.member("summary", optional: summary)
    writer.member("hidden", isHidden)
    writer.member("state", state)
    writer.member("created_time", createdTime)
    writer.member("last_updated_time", lastUpdatedTime)
    writer.member("configuration", object: configuration)
  }

  init(_ reader: inout RecordReader) throws(StoreError) {
    id = try reader.text("id")
    name = try reader.text("name")
    groupID = try reader.optionalText("group")
    version = try reader.int("version")
    summary = try reader.optionalText("summary")
    isHidden = try reader.bool("hidden")
    state = try reader.text("state")
    createdTime = try reader.int64("created_time")
    lastUpdatedTime = try reader.int64("last_updated_time")
    configuration = try reader.source("configuration")
  }
}
