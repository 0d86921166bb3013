using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Cli.Plugins;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Cli.Tests;

/// <summary>Tests that the check of a plugin tries its types.</summary>
public sealed class PluginTrials
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_type_that_sends_no_first_message_causes_a_warning_with_its_name()
    {
        var warnings = await PluginTrial.RunAsync(Load(new ChatType("Silent", sends: false), new ChatType("Polite", sends: true)), Cancelled);

        Assert.Equal("the object type Silent sends no message before its connect call returns; clients wait for one", Assert.Single(warnings));
    }

    [Fact]
    public async Task A_type_that_cannot_be_tried_causes_no_warning()
    {
        Assert.Empty(await PluginTrial.RunAsync(Load(new ChatType("Picky", sends: false, createFails: true)), Cancelled));
    }

    [Fact]
    public async Task The_warnings_are_part_of_the_description()
    {
        var plugin = Load(new ChatType("Silent", sends: false));
        var description = PluginCheck.Describe(plugin, await PluginTrial.RunAsync(plugin, Cancelled));

        Assert.Contains("Silent", (string)Assert.Single(description["warnings"]!.AsArray())!, StringComparison.Ordinal);
    }

    private static LoadedPlugin Load(params ObjectType[] types) => new PluginLoader(NullLogger<PluginLoader>.Instance).Load("trial", new Registration(types));

    private sealed class Registration(ObjectType[] types) : IPluginRegistration
    {
        public void RegisterInto(IPluginRegistry registry)
        {
            foreach (var type in types)
                registry.Register(type);
        }
    }

    private sealed class Chat;

    private sealed class ChatType(string name, bool sends, bool createFails = false) : BidirectionalObjectType<Chat>(name)
    {
        public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
            createFails ? throw new PluginException("the argument Room is missing") : ValueTask.FromResult<object>(new Chat());

        protected override ValueTask<IMessageHandler> ConnectAsync(Chat instance, IMessageStream stream, CancellationToken cancellationToken)
        {
            if (sends)
                stream.Send(default);
            return ValueTask.FromResult<IMessageHandler>(new Handler());
        }

        private sealed class Handler : IMessageHandler
        {
            public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken) => ValueTask.CompletedTask;
        }
    }
}
