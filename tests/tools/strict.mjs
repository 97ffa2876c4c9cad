// Compiles each of the named JSON Schemas in the strict mode of ajv, and judges by it the lines of JSON on stdin: those of
// [SCHEMA, VALUE]. Prints what is wrong, a line for each, and nothing where all is well.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'

const ajv = new Ajv2020({ strict: true, allErrors: true })
addFormats.default(ajv)
const validators = new Map()
for (const path of process.argv.slice(2)) {
  const schema = JSON.parse(readFileSync(path, 'utf8'))
  try {
    validators.set(schema.$id, ajv.compile(schema))
  } catch (error) {
    console.log(`${path}: ${error.message}`)
  }
}
for await (const line of createInterface({ input: process.stdin })) {
  const [schema, value] = JSON.parse(line)
  const validate = validators.get(schema)
  if (validate && !validate(value)) console.log(`${line}: ${ajv.errorsText(validate.errors)}`)
}
