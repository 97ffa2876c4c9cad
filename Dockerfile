FROM docker.io/library/rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked

FROM docker.io/library/debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 10001 -g 10001 -m 0700 /state
COPY --from=build /src/target/dist/guuru /usr/local/bin/guuru
# A number, so that an orchestrator that demands a user without rights can see that this is one.
USER 10001:10001
ENV HOME=/state GUURU_STATE_DIR=/state
VOLUME /state
EXPOSE 8787
# SIGTERM lets requests and handlers come to their end.
STOPSIGNAL SIGTERM
ENTRYPOINT ["guuru"]
CMD ["listen", "--addr", "0.0.0.0:8787", "--path", "/webhooks"]
