using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Wharf.Client;
using Wharf.Plugins;
using Wharf.Plugins.Counter;
using Wharf.Plugins.ExampleService;

namespace Wharf.Server.Tests;

/// <summary>What a program does with a server of its own.</summary>
public sealed class ServerInAProgram
{
    [Fact]
    public async Task Clients_list_and_call_objects_that_the_program_puts_into_the_scope()
    {
        await using var server = await TestServer.StartAsync();
        server.Scope["example_service"] = new ExampleServiceObject();

        await using var session = await server.ConnectAsync();
        Assert.Equal("ExampleService", (await session.ListFieldsAsync(TestServer.Cancelled)).Single(static field => field.Name == "example_service").Ticket.Type);
        await using var service = await session.OpenAsync("example_service");
        await service.SendAsync("""{"method": "hello_string", "data": "hi"}"""u8.ToArray(), cancellationToken: TestServer.Cancelled);
        Assert.Equal("""{"result":"Hello client.  You said: hi"}""", Encoding.UTF8.GetString((await service.ReadAsync(TestServer.Cancelled))!.Payload.Span));
    }

    [Fact]
    public async Task The_object_of_the_program_and_that_of_the_clients_are_one()
    {
        await using var server = await TestServer.StartAsync();
        var counter = new CounterObject(5);
        await server.Scope.SetAsync("mine", counter, TestServer.Cancelled);
        await using var session = await server.ConnectAsync();
        await using var client = await session.OpenAsync("mine");
        await client.SendAsync("2"u8.ToArray(), cancellationToken: TestServer.Cancelled);
        Assert.Equal("7", Encoding.UTF8.GetString((await client.ReadAsync(TestServer.Cancelled))!.Payload.Span));
        Assert.Equal(7, counter.Value);
        Assert.Same(counter, server.Scope["mine"]);
    }

    [Fact]
    public async Task A_name_is_overwritten_and_taken_away()
    {
        await using var server = await TestServer.StartAsync();
        var second = new CounterObject(2);
        server.Scope["x"] = new CounterObject(1);
        server.Scope["x"] = second;
        Assert.Same(second, server.Scope["x"]);
        Assert.True(await server.Scope.RemoveAsync("x", TestServer.Cancelled));
        Assert.False(await server.Scope.RemoveAsync("x", TestServer.Cancelled));
        Assert.Throws<KeyNotFoundException>(() => server.Scope["x"]);
        await using var session = await server.ConnectAsync();
        Assert.DoesNotContain(await session.ListFieldsAsync(TestServer.Cancelled), static field => field.Name == "x");
    }

    [Fact]
    public async Task An_object_that_no_type_recognizes_is_refused_and_the_message_names_its_class()
    {
        await using var server = await TestServer.StartAsync();
        var refused = Assert.Throws<ArgumentException>(() => server.Scope["x"] = new StringBuilder());
        Assert.Contains("System.Text.StringBuilder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_the_program_has_a_name_like_any_object()
    {
        await using var server = await TestServer.StartAsync();
        server.Scope["numbers"] = await (await server.Tables.EmptyAsync(3, TestServer.Cancelled)).UpdateAsync(["X = i"], cancellationToken: TestServer.Cancelled);
        await using var session = await server.ConnectAsync();
        var field = (await session.ListFieldsAsync(TestServer.Cancelled)).Single(static field => field.Name == "numbers");
        await using var table = await session.OpenTableAsync(field.Ticket.Ticket, TestServer.Cancelled);
        Assert.Equal(3, table.Size);
        Assert.Equal("X", Assert.Single(table.Schema.FieldsList).Name);
    }

    [Fact]
    public async Task Objects_of_the_options_are_there_with_the_first_answer()
    {
        var options = TestServer.Options();
        options.Scope["early"] = new CounterObject(0);
        await using var server = await WharfServer.StartAsync(options, TestServer.Cancelled);
        await using var session = await server.ConnectAsync();
        Assert.Contains(await session.ListFieldsAsync(TestServer.Cancelled), static field => field.Name == "early");
    }

    [Fact]
    public async Task Two_servers_of_one_program_know_nothing_of_each_other()
    {
        await using var one = await TestServer.StartAsync();
        await using var two = await TestServer.StartAsync();
        one.Scope["only_here"] = new CounterObject(0);
        Assert.NotEqual(one.Port, two.Port);
        await using var session = await two.ConnectAsync();
        Assert.DoesNotContain(await session.ListFieldsAsync(TestServer.Cancelled), static field => field.Name == "only_here");
    }

    [Fact]
    public async Task A_wrong_setting_fails_the_start_by_its_name()
    {
        var options = TestServer.Options();
        options.Settings["Wharf:Sessions:Duration"] = "00:00:01";
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => WharfServer.StartAsync(options, TestServer.Cancelled));
        Assert.Contains("Wharf:Sessions:Duration", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_what_waits_for_the_end()
    {
        await using var server = await TestServer.StartAsync();
        var wait = server.WaitForShutdownAsync(TestServer.Cancelled);
        Assert.False(wait.IsCompleted);
        await server.StopAsync(TestServer.Cancelled);
        await wait;
        Assert.True(server.Stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_host_starts_and_stops_it_with_objects_of_its_services()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(new CounterObject(41));
        builder.AddWharf((options, services) =>
        {
            options.Port = 0;
            options.PreSharedKey = TestServer.Key;
            options.PluginsFolder = "";
            options.Types.Add(new CounterType());
            options.Scope["answer"] = services.GetRequiredService<CounterObject>();
        });
        using var host = builder.Build();
        var server = host.Services.GetRequiredService<WharfServer>();
        Assert.Throws<InvalidOperationException>(() => server.Port);
        await host.StartAsync(TestServer.Cancelled);
        await using (var session = await server.ConnectAsync())
        await using (var client = await session.OpenAsync("answer"))
        {
            await client.SendAsync(default, cancellationToken: TestServer.Cancelled);
            Assert.Equal("42", Encoding.UTF8.GetString((await client.ReadAsync(TestServer.Cancelled))!.Payload.Span));
        }

        await host.StopAsync(TestServer.Cancelled);
        Assert.True(server.Stopping.IsCancellationRequested);
    }
}
