// An OpenID Connect provider on a free port, told by its standard input whom it knows and how it shall err.
// node server.js REDIRECT_URI...  prints its address; then each line of input is {"people": …} and/or {"err": …}.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { exportJWK, generateKeyPair, decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { Provider } from 'oidc-provider';

const server = createServer().listen(0, '127.0.0.1');
await new Promise((listening) => server.once('listening', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const foreign = await generateKeyPair('RS256', { extractable: true });
let people = {}; // by subject: the claims about each
let err = {}; // how to err: claims of the ID token to change, a signature, what the discovery document does

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'portal',
    client_secret: 'a secret of the tests, more than thirty-two letters long',
    redirect_uris: process.argv.slice(2),
    response_types: ['code'],
    grant_types: ['authorization_code'],
  }],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'test' }] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], acr: null, amr: null, auth_time: null },
  acrValues: ['two'],
  pkce: { required: () => true },
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...people[accountId] }) }),
  loadExistingGrant: async (ctx) => { // everybody has agreed already
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  cookies: { keys: ['the tests sign the cookies of the provider'] },
});

async function resigned(token) {
  const claims = { ...decodeJwt(token), ...err.claims };
  for (const [name, value] of Object.entries(claims)) if (value === null) delete claims[name];
  if (err.signature === 'none') return new UnsecuredJWT(claims).encode();
  if (err.signature === 'shared') {
    const secret = new TextEncoder().encode('a secret of the tests, more than thirty-two letters long');
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret);
  }
  const key = err.signature === 'foreign' ? foreign.privateKey : privateKey;
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'test' }).sign(key);
}

provider.use(async (ctx, next) => {
  if (err.slow && ctx.path.startsWith('/.well-known/')) await new Promise((passed) => setTimeout(passed, err.slow));
  await next();
  if (ctx.path.startsWith('/.well-known/') && err.discovery) {
    const said = err.discovery;
    ctx.body = typeof said === 'string' ? said : { ...ctx.body, ...said };
  }
  if (ctx.path === '/token' && ctx.body?.id_token && (err.claims || err.signature)) {
    ctx.body.id_token = await resigned(ctx.body.id_token);
  }
  if (ctx.path === '/me' && err.userinfo) ctx.body = { ...ctx.body, ...err.userinfo };
});

server.on('request', provider.callback());
createInterface({ input: process.stdin }).on('line', (line) => {
  ({ people = people, err = {} } = JSON.parse(line));
  console.log('told');
}).on('close', () => process.exit(0));
console.log(issuer);
