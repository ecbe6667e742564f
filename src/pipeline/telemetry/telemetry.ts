/** What a service tells where telemetry is on. Types alone: without it nothing of OpenTelemetry is loaded. */
import type { MessagingTelemetry } from '../../kafka/telemetry/messaging.ts';

/** A request that is being answered. */
export type Answering = {
  /** For what is done to answer it; undefined where no trace is on. */
  readonly traceparent: string | undefined;
  /** @param route as it was declared, `/replay/:id`; undefined where there is none @param status HTTP status code */
  done(route: string | undefined, status: number): void;
};

/** By OpenTelemetry's conventions for HTTP servers. */
export type HttpTelemetry = {
  /** @param traceparent the caller's, if any */
  begin(request: { method: string; path: string; traceparent: string | undefined }): Answering;
};

export type Telemetry = {
  /**
   * @param clientId `client.id` of the Kafka client that tells its work
   * @param clusterId of its cluster, once that is known
   */
  messaging(clientId: string, clusterId: () => string | undefined): MessagingTelemetry;
  http: HttpTelemetry;
  /** Sends what is left, for a second at the most. */
  end(): Promise<void>;
};
