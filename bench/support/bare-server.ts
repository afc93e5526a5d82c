/** The least that a confirmation could be: one route, one UPDATE. Prints its address. */
import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import postgres from 'postgres'

const sql = postgres(process.env.DATABASE_URL!, { max: Number(process.env.DATABASE_POOL), onnotice: () => {} })
const app = Fastify()
await app.register(formbody)

app.post<{ Params: { id: string } }>('/bare/:id', async ({ params: { id } }, reply) => {
  const now = new Date()
  const moved = await sql`
    update assignments set state = 'confirmed', decided_at = ${now}, updated_at = ${now}, version = version + 1
    where id = ${id} and state = 'pending'`
  return moved.count === 1 ? reply.redirect('/', 303) : reply.code(409).send()
})

process.stdout.write(`${JSON.stringify({ url: await app.listen({ host: '127.0.0.1', port: 0 }) })}\n`)
process.once('SIGTERM', async () => {
  await app.close()
  await sql.end()
})
