using StackExchange.Redis;
using Wharf.Grains.Fields;

namespace Wharf.Server.Cluster.Redis;

/// <summary>Keeps in Redis the members of the cluster, and what must outlive a node.</summary>
internal static class RedisHosting
{
    /// <summary>For a node.</summary>
    public static void UseRedis(this ISiloBuilder silo, RedisStore store)
    {
        silo.UseRedisClustering(redis => (redis.ConfigurationOptions, redis.CreateMultiplexer) = (store.Options, async _ => (await store.ConnectAsync(), IsShared: true)));
        silo.AddRedisGrainStorage(FieldStorage.Name, redis => (redis.ConfigurationOptions, redis.CreateMultiplexer) = (store.Options, async _ => (await store.ConnectAsync(), IsShared: true)));
    }

    /// <summary>For a process that only uses the cluster.</summary>
    public static void UseRedis(this IClientBuilder client, RedisStore store) =>
        client.UseRedisClustering(redis => (redis.ConfigurationOptions, redis.CreateMultiplexer) = (store.Options, async _ => (await store.ConnectAsync(), IsShared: true)));
}
