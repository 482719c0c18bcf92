/**
 * Stands in for the sign-in that your app has: it tells who sends a request, by a cookie, a session or a bearer token.
 * This one believes whoever says `Authorization: Bearer alice`, which only an example may do.
 */
export async function signedInUser(request: Request): Promise<{ id: string } | null> {
  const [, id] = /^Bearer (\w+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  return id === undefined ? null : { id };
}
