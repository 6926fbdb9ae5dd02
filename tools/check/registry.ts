import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What npm sends when it publishes, and gets when it asks for a package. */
interface PackageDocument {
  readonly name: string
  readonly 'dist-tags': Record<string, string>
  readonly versions: Record<string, { readonly dist: { readonly tarball: string } }>
  readonly _attachments?: Record<string, { readonly data: string }>
}

/** An npm registry on this machine. */
export interface Registry {
  readonly address: string
  /** What was published, by package name. */
  readonly packages: ReadonlyMap<string, PackageDocument>
  readonly close: () => Promise<void>
}

/**
 * A registry in memory, with the part of the protocol that `npm publish`, `npm info` and `npm install` use: a package is
 * put as one document with its tarball inside, and read back as a document and a tarball. It asks nobody who they are,
 * and has nothing but what was put.
 */
export async function startRegistry(): Promise<Registry> {
  const packages = new Map<string, PackageDocument>()
  const tarballs = new Map<string, Buffer>()

  function put(document: PackageDocument): boolean {
    const known = packages.get(document.name)
    if (Object.keys(document.versions).some((version) => known?.versions[version])) return false
    const { _attachments: attachments = {}, ...rest } = document
    packages.set(document.name, {
      ...rest,
      'dist-tags': { ...known?.['dist-tags'], ...document['dist-tags'] },
      versions: { ...known?.versions, ...document.versions },
    })
    const [data] = Object.values(attachments).map((attachment) => Buffer.from(attachment.data, 'base64'))
    for (const { dist } of Object.values(document.versions)) tarballs.set(new URL(dist.tarball).pathname, data!)
    return true
  }

  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/')
    const end = (status: number, body: Buffer | object): void => {
      response.writeHead(status).end(Buffer.isBuffer(body) ? body : JSON.stringify(body))
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.method === 'PUT') {
        const accepted = put(JSON.parse(Buffer.concat(chunks).toString()) as PackageDocument)
        end(accepted ? 201 : 409, accepted ? {} : { error: 'this version is published already' })
        return
      }
      const found = tarballs.get(path) ?? packages.get(path.slice(1))
      end(found ? 200 : 404, found ?? { error: `there is no ${path}` })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    packages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
