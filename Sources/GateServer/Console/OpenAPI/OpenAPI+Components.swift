extension OpenAPI {
  /// What operations have in common.
  static let components = #"""
    {
     "schemas": {
      "Subject": {
       "type": "object",
       "description": "Who asks. The directory may know more than the request says.",
       "required": ["type", "id"],
       "properties": {
        "type": {"type": "string"},
        "id": {"type": "string"},
        "properties": {"type": "object"}
       }
      },
      "Resource": {
       "type": "object",
       "description": "To what.",
       "required": ["type", "id"],
       "properties": {
        "type": {"type": "string"},
        "id": {"type": "string"},
        "properties": {"type": "object"}
       }
      },
      "Action": {
       "type": "object",
       "description": "What is to be done.",
       "required": ["name"],
       "properties": {"name": {"type": "string"}, "properties": {"type": "object"}}
      },
      "Evaluation": {
       "type": "object",
       "required": ["subject", "action", "resource"],
       "properties": {
        "subject": {"$ref": "#/components/schemas/Subject"},
        "action": {"$ref": "#/components/schemas/Action"},
        "resource": {"$ref": "#/components/schemas/Resource"},
        "context": {"type": "object"}
       }
      },
      "Evaluations": {
       "type": "object",
       "description": "Parts at the top are defaults; those of an item replace them whole.",
       "properties": {
        "subject": {"$ref": "#/components/schemas/Subject"},
        "action": {"$ref": "#/components/schemas/Action"},
        "resource": {"$ref": "#/components/schemas/Resource"},
        "context": {"type": "object"},
        "options": {
         "type": "object",
         "properties": {
          "evaluations_semantic": {
           "enum": ["execute_all", "deny_on_first_deny", "permit_on_first_permit"]
          }
         }
        },
        "evaluations": {
         "type": "array",
         "items": {
          "type": "object",
          "properties": {
           "subject": {"$ref": "#/components/schemas/Subject"},
           "action": {"$ref": "#/components/schemas/Action"},
           "resource": {"$ref": "#/components/schemas/Resource"},
           "context": {"type": "object"}
          }
         }
        }
       }
      },
      "Decision": {
       "type": "object",
       "required": ["decision"],
       "properties": {
        "decision": {"type": "boolean"},
        "context": {
         "type": "object",
         "properties": {
          "outcome": {"enum": ["allow", "warn", "deny"]},
          "policy_revision": {"type": "string"},
          "stage": {"enum": ["validation", "authorization", "admission"]},
          "reasons": {"type": "array", "items": {"type": "object"}},
          "warnings": {"type": "array", "items": {"type": "object"}},
          "audit": {"type": "array", "items": {"type": "object"}},
          "error": {"type": "object"},
          "missing": {"type": "array", "items": {"type": "object"}}
         }
        }
       }
      },
      "EvaluationsAnswer": {
       "anyOf": [
        {
         "type": "object",
         "required": ["evaluations"],
         "properties": {
          "evaluations": {"type": "array", "items": {"$ref": "#/components/schemas/Decision"}}
         }
        },
        {"$ref": "#/components/schemas/Decision"}
       ]
      },
      "SubjectSearch": {
       "type": "object",
       "required": ["subject", "action", "resource"],
       "properties": {
        "subject": {
         "type": "object",
         "required": ["type"],
         "properties": {"type": {"type": "string"}}
        },
        "action": {"$ref": "#/components/schemas/Action"},
        "resource": {"$ref": "#/components/schemas/Resource"},
        "context": {"type": "object"},
        "page": {
         "type": "object",
         "properties": {
          "token": {"type": "string", "description": "Where the page before has ended."},
          "limit": {"type": "integer", "minimum": 0}
         }
        }
       }
      },
      "ResourceSearch": {
       "type": "object",
       "required": ["subject", "action", "resource"],
       "properties": {
        "subject": {"$ref": "#/components/schemas/Subject"},
        "action": {"$ref": "#/components/schemas/Action"},
        "resource": {
         "type": "object",
         "required": ["type"],
         "properties": {"type": {"type": "string"}}
        },
        "context": {"type": "object"},
        "page": {
         "type": "object",
         "properties": {
          "token": {"type": "string", "description": "Where the page before has ended."},
          "limit": {"type": "integer", "minimum": 0}
         }
        }
       }
      },
      "ActionSearch": {
       "type": "object",
       "required": ["subject", "resource"],
       "properties": {
        "subject": {"$ref": "#/components/schemas/Subject"},
        "resource": {"$ref": "#/components/schemas/Resource"},
        "context": {"type": "object"},
        "page": {
         "type": "object",
         "properties": {
          "token": {"type": "string", "description": "Where the page before has ended."},
          "limit": {"type": "integer", "minimum": 0}
         }
        }
       }
      },
      "SearchAnswer": {
       "type": "object",
       "required": ["results"],
       "properties": {
        "page": {
         "type": "object",
         "required": ["next_token"],
         "properties": {
          "next_token": {"type": "string", "description": "Empty at the end."},
          "count": {"type": "integer"}
         }
        },
        "results": {"type": "array", "items": {"type": "object"}}
       }
      },
      "Metadata": {
       "type": "object",
       "required": ["policy_decision_point", "access_evaluation_endpoint"],
       "properties": {
        "policy_decision_point": {"type": "string", "format": "uri"},
        "access_evaluation_endpoint": {"type": "string", "format": "uri"},
        "access_evaluations_endpoint": {"type": "string", "format": "uri"},
        "search_subject_endpoint": {"type": "string", "format": "uri"},
        "search_resource_endpoint": {"type": "string", "format": "uri"},
        "search_action_endpoint": {"type": "string", "format": "uri"}
       }
      },
      "ConsoleError": {
       "type": "object",
       "required": ["error"],
       "properties": {
        "error": {
         "type": "object",
         "required": ["code", "message"],
         "properties": {
          "code": {"type": "string", "description": "A stable name."},
          "message": {"type": "string"},
          "help": {"type": "string", "description": "What to do about it."},
          "reasons": {"type": "array", "items": {"type": "object"}},
          "diagnostics": {"type": "array", "items": {"$ref": "#/components/schemas/Diagnostic"}}
         }
        }
       }
      },
      "Diagnostic": {
       "type": "object",
       "required": ["code", "severity", "message", "file", "line", "column"],
       "properties": {
        "code": {"type": "string"},
        "severity": {"type": "string"},
        "message": {"type": "string"},
        "help": {"type": "string"},
        "file": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"}
       }
      },
      "Policies": {
       "type": "object",
       "required": ["revision", "since", "documents"],
       "properties": {
        "revision": {"type": "string"},
        "since": {"type": "string", "format": "date-time"},
        "files": {"type": "integer"},
        "rules": {"type": "integer"},
        "roles": {"type": "integer"},
        "documents": {
         "type": "array",
         "items": {
          "type": "object",
          "required": ["policy"],
          "properties": {"policy": {"type": "string"}, "rules": {"type": "integer"}}
         }
        },
        "warnings": {"type": "array", "items": {"$ref": "#/components/schemas/Diagnostic"}},
        "last_failure": {"type": ["object", "null"]}
       }
      },
      "Reloaded": {
       "type": "object",
       "required": ["revision", "changed"],
       "properties": {
        "revision": {"type": "string"},
        "changed": {"type": "boolean"},
        "files": {"type": "integer"},
        "entities": {"type": "integer"}
       }
      },
      "DirectoryState": {
       "type": "object",
       "required": ["revision", "files", "entities"],
       "properties": {
        "revision": {"type": "string"},
        "files": {"type": "integer"},
        "entities": {"type": "integer"},
        "last_failure": {"type": ["object", "null"]}
       }
      },
      "LogHead": {
       "type": "object",
       "required": ["sequence", "hash"],
       "properties": {"sequence": {"type": "integer"}, "hash": {"type": "string"}}
      },
      "LogHeads": {
       "type": "object",
       "required": ["start", "head"],
       "properties": {
        "start": {"$ref": "#/components/schemas/LogHead"},
        "head": {"$ref": "#/components/schemas/LogHead"}
       }
      },
      "LogPage": {
       "type": "object",
       "required": ["head", "entries", "next"],
       "properties": {
        "head": {"$ref": "#/components/schemas/LogHead"},
        "entries": {
         "type": "array",
         "items": {
          "type": "object",
          "required": ["sequence", "hash", "record"],
          "properties": {
           "sequence": {"type": "integer"},
           "hash": {"type": "string"},
           "record": {"type": "object"}
          }
         }
        },
        "next": {"type": ["integer", "null"]}
       }
      },
      "Status": {
       "type": "object",
       "required": ["status"],
       "properties": {
        "status": {"type": "string"},
        "missing": {"type": "array", "items": {"type": "string"}}
       }
      },
      "Health": {
       "type": "object",
       "required": ["status"],
       "properties": {
        "status": {"type": "string"},
        "version": {"type": "string"},
        "policies": {"type": "object"},
        "directory": {"type": "object"},
        "store": {"type": "object"},
        "log": {"type": "object"}
       }
      }
     },
     "responses": {
      "OpenSearchError": {
       "description": "What is wrong, as OpenSearch says it. Without credentials it is plain text.",
       "content": {"application/json": {"schema": {"type": "object"}}}
      },
      "AccessError": {
       "description": "The request can't be decided. The body is a message.",
       "content": {"application/json": {"schema": {"type": "string"}}}
      },
      "ConsoleError": {
       "description": "What is wrong, and what to do about it.",
       "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ConsoleError"}}}
      }
     },
     "securitySchemes": {
      "basic": {"type": "http", "scheme": "basic"},
      "token": {"type": "http", "scheme": "bearer"},
      "apiKey": {
       "type": "apiKey",
       "in": "header",
       "name": "Authorization",
       "description": "ApiKey, a blank, and the key in Base64."
      }
     }
    }
    """#

  /// Which credentials are taken.
  static let security = #"""
    [{"basic": []}, {"apiKey": []}, {"token": []}]
    """#
}
