"""Brings up Ray Serve for the judge `ray-serve`, in that judge's own environment.

`python -m judges.ray_host serve PORT FOLDER` brings up two applications of one replica each,
`/one/v1` and `/two/v1`, and tells a line of JSON when they answer. `check FILE` holds the file of a
deployment against Ray's own schemas. Ray's web door listens on loopback; its inner ones listen
everywhere and ask for a token, which lies in the folder.
"""

import json
import os
import sys
from pathlib import Path

import ray
import yaml
from ray import serve

from judges.ray_model import Tiny

HOST = "127.0.0.1"
NAMES = ("one", "two")


def run(port: int, folder: Path) -> None:
    """Serve until the input ends; a line of input names an application to remove."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        _node_ip_address=HOST,
        _temp_dir=str(folder),
        num_cpus=2,
        object_store_memory=100 * 1024 * 1024,
        include_dashboard=False,
        log_to_driver=False,
    )
    serve.start(http_options={"host": HOST, "port": port})
    for name in NAMES:
        serve.run(Tiny.bind(), name=name, route_prefix=f"/{name}")
    print(json.dumps({"address": f"http://{HOST}:{port}"}), flush=True)
    for line in sys.stdin:
        serve.delete(line.strip())
        print(json.dumps({"removed": line.strip()}), flush=True)
    serve.shutdown()
    ray.shutdown()


def check(file: Path) -> None:
    """Raises when the file does not fit Ray Serve's schema, or a model in it `LLMConfig`."""
    from ray.llm._internal.serve.core.configs.llm_config import LLMConfig
    from ray.serve.schema import ServeDeploySchema

    text = file.read_text("utf-8")
    deployed = ServeDeploySchema.model_validate(yaml.safe_load(text))
    for application in deployed.applications:
        for model in application.args["llm_configs"]:
            print(LLMConfig.model_validate(model).model_id)


if __name__ == "__main__":
    if sys.argv[1] == "check":
        check(Path(sys.argv[2]))
    else:
        run(int(sys.argv[2]), Path(sys.argv[3]))
