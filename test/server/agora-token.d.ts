// The official package neither exports nor types the class that reads and verifies tokens; this declares what the tests use of it.
declare module 'agora-token/src/AccessToken2.js' {
  export class Service {
    add_privilege(privilege: number, seconds: number): void;
  }
  export class Rtm2Permissions {
    details: Record<string, Record<string, string[]>>;
    add(resourceType: number, permission: number, resources: readonly string[]): void;
  }
  export class ServiceRtc extends Service {
    constructor(channelName: string, userId: string | number);
  }
  export class ServiceRtm extends Service {
    constructor(userId: string);
  }
  export class ServiceStreaming extends Service {
    constructor(channelName: string, account: string);
  }
  export class ServiceFpa extends Service {}
  export class ServiceChat extends Service {
    constructor(userId: string);
  }
  export class ServiceFCdn extends Service {
    constructor(channelName: string, account: string);
  }
  export class ServiceApaas extends Service {
    constructor(roomUuid: string, userUuid: string, role: number);
  }
  export class ServiceRtm2 extends Service {
    constructor(userId: string, permissions: Rtm2Permissions);
  }
  export class ServiceConvoAI extends Service {}
  export class ServiceStt extends Service {}
  export class AccessToken2 {
    constructor(appId: string, appCertificate: string, issuedAt: number, expiresInSeconds: number);
    appId: string;
    issueTs: number;
    expire: number;
    salt: number;
    services: Service[];
    add_service(service: Service): void;
    build(): string;
    from_string(token: string): boolean;
    verifySignature(appCertificate: string): boolean;
  }
}
