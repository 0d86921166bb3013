using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Wharf.Grains.Tests.RecordedBytes;

/// <summary>
/// What the version before wrote, this one reads. The bytes beside this file are as they were when a message was new, and are not written again: a message that changes
/// still has to read them. With <c>WHARF_RECORD=1</c> the bytes of messages that have none yet are added.
/// </summary>
public sealed class RecordedBytesTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public static TheoryData<string> Types => [.. Samples.All.Select(sample => sample.GetType().Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Old_bytes_have_their_old_meaning(string type)
    {
        var sample = Samples.All.Single(sample => sample.GetType().Name == type);
        var now = Convert.ToHexStringLower(Write(sample));
        var read = Serializer.Deserialize<object>(Convert.FromHexString(Recorded(sample.GetType(), now)));
        Assert.IsType(sample.GetType(), read);
        Assert.Equal(now, Convert.ToHexStringLower(Write(read)));
    }

    [Fact]
    public void Every_message_is_recorded()
    {
        var messages = typeof(Fault).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !type.IsAbstract)
            .Select(type => type.Name);
        Assert.Equal(messages.Order(StringComparer.Ordinal), Types.Select(row => row.Data).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _services.Dispose();

    private byte[] Write(object message) => Serializer.SerializeToArray(message);

    // The files are named by the aliases, which stay when a type is renamed.
    private static string Recorded(Type type, string now)
    {
        var path = Path.Combine(Folder(), type.GetCustomAttribute<AliasAttribute>(inherit: false)!.Alias["wharf.".Length..] + ".hex");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("WHARF_RECORD") == "1")
            File.WriteAllText(path, now + "\n");
        Assert.True(File.Exists(path), $"{type.Name} has no recorded bytes; run this test once with WHARF_RECORD=1 and check the new file in");
        return File.ReadAllText(path).Trim();
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Bytes");
}
