using System.Text.Json.Serialization;
using Wharf.Plugins;
using Wharf.Rpc;

namespace Wharf.Client;

/// <summary>
/// Creates and removes named objects of a Wharf server at run time. Every server has this object under the name <see cref="Name"/>:
/// <c>await session.OpenAsync&lt;INamedObjects&gt;(INamedObjects.Name)</c>. The server's configuration decides who may call it; other
/// callers receive PERMISSION_DENIED.
/// </summary>
[Rpc(TypeName, JsonContext = typeof(NamedObjectsJson))]
public partial interface INamedObjects
{
    /// <summary>The name of the object.</summary>
    const string Name = "objects";

    /// <summary>The name of the object's type.</summary>
    const string TypeName = "Wharf.Objects";

    /// <summary>Lists the object types of all nodes.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The types, ordered by name.</returns>
    Task<ObjectTypeInfo[]> ListTypesAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates an object. Its name is visible to all sessions immediately.</summary>
    /// <param name="type">The object type, or one of its aliases.</param>
    /// <param name="name">The name of a variable, or <c>app/{application}/field/{name}</c>.</param>
    /// <param name="arguments">The arguments of its creation; <c>Limits:Most</c> is a nested one.</param>
    /// <param name="cancellationToken">
    /// The token to monitor for cancellation requests. The object may have been created although the call was cancelled.
    /// </param>
    /// <returns>The object. Disposing it releases the reference; the name keeps the object alive.</returns>
    /// <exception cref="WharfException">The name is in use (ALREADY_EXISTS), or there is no such type (NOT_FOUND).</exception>
    Task<IServerObject> CreateAsync(
        string type, string name, Dictionary<string, string>? arguments = null, CancellationToken cancellationToken = default);

    /// <summary>Removes the name of an object. The object ends when it has no other holder.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when the name is removed.</returns>
    /// <exception cref="WharfException">There is no such object (NOT_FOUND).</exception>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Returns the holders that keep an object alive.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object and its holders.</returns>
    /// <exception cref="WharfException">There is no such object (NOT_FOUND).</exception>
    Task<ObjectHolders> HoldersAsync(string name, CancellationToken cancellationToken = default);
}

/// <summary>An object type of a server.</summary>
/// <param name="Name">The name.</param>
/// <param name="Aliases">Other names of the type.</param>
/// <param name="Plugin">The plugin that contains it.</param>
/// <param name="Version">The plugin's version.</param>
/// <param name="Kind"><c>bidirectional</c> or <c>fetch-only</c>.</param>
/// <param name="Concurrent">Whether its streams are served concurrently.</param>
/// <param name="CanCreate">Whether objects of the type can be created by name.</param>
/// <param name="Nodes">The number of nodes that have the type.</param>
public sealed record ObjectTypeInfo(
    string Name, string[] Aliases, string Plugin, string Version, string Kind, bool Concurrent, bool CanCreate, int Nodes);

/// <summary>The holders of an object.</summary>
/// <param name="Id">The id of the object in the cluster.</param>
/// <param name="Type">Its type.</param>
/// <param name="Streams">The number of open message streams.</param>
/// <param name="Holders">Texts such as <c>field/scope/mine</c>, <c>export/{session}/{id}</c>, <c>stream/{id}</c>.</param>
public sealed record ObjectHolders(string Id, string Type, int Streams, string[] Holders);

/// <summary>The JSON form of these types, also used by the command line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ObjectTypeInfo[]))]
[JsonSerializable(typeof(ObjectHolders))]
public sealed partial class NamedObjectsJson : JsonSerializerContext;
