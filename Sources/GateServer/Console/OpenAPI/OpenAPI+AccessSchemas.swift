extension OpenAPI {
  /// The form of AuthZEN's texts.
  static let accessSchemas = #"""
    {
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
     }
    }
    """#
}
