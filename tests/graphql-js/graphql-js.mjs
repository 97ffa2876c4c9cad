// A revision of the platform on the reference implementation of GraphQL. It prints its endpoint on stdout and ends when it is
// killed.

import * as gql from 'graphql';
import { closed, control, loss, schema } from './revision.mjs';
import { serve } from './serve.mjs';

const rules = closed ? [...gql.specifiedRules, gql.NoSchemaIntrospectionCustomRule] : gql.specifiedRules;

function execute({ query, variables, operationName }) {
  const document = gql.parse(query);
  const errors = gql.validate(schema, document, rules);
  if (errors.length > 0) return { errors };
  return gql.execute({ schema, document, variableValues: variables, operationName });
}

serve(execute, { control, loss });
