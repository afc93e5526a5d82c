FROM node:24-slim

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/app/data
WORKDIR /app

COPY package.json package-lock.json ./
# Node and PostgreSQL from npm are for machines without them; here both come from elsewhere.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force

COPY drizzle ./drizzle
COPY src ./src
RUN mkdir data && chown node:node data

USER node
EXPOSE 3000
# The worker is the same image with another command: node src/worker.ts
CMD ["node", "src/server.ts"]
