"""Object-relational mappers with their own defaults: through weir-proxy they see what they see at the primary itself."""
import json
import os
import subprocess

from clients_test import support
from weir_cluster import proxy_case

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "orms")
PASSWORD = "hidden word of a mapper"
PROGRAMS = {
    "sequelize": ["node", "sequelize.js"], "knex": ["node", "knex.js"], "typeorm": ["node", "typeorm.js"],
    "django": ["/usr/bin/python3", "django_models.py"],
}


class mappers(proxy_case):
    """Each in a schema of its own, which is made anew for each way."""

    @classmethod
    def prepare_servers(cls):
        cls.cluster.make_account("mapper", PASSWORD, "caching_sha2_password")
        cls.cluster.sql(1, "GRANT ALL PRIVILEGES ON `orm\\_%`.* TO mapper@'%'")
        cls.cluster.caught_up()

    def run_program(self, name, port):
        schema = f"orm_{name}"
        self.cluster.sql(1, f"DROP DATABASE IF EXISTS {schema}", f"CREATE DATABASE {schema} CHARACTER SET utf8mb4")
        self.cluster.caught_up()
        program, script = PROGRAMS[name]
        environment = {
            **os.environ, "LC_ALL": "C.UTF-8", "NODE_PATH": os.path.join(support("node_orms"), "node_modules"), "WEIR_HOST": "127.0.0.1",
            "WEIR_PORT": str(port), "WEIR_USER": "mapper", "WEIR_PASSWORD": PASSWORD, "WEIR_SCHEMA": schema}
        ran = subprocess.run([program, os.path.join(HERE, script)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True, timeout=120, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)

    def check(self, name):
        direct = self.run_program(name, self.cluster.ports[0])
        self.assertEqual(self.run_program(name, self.proxy.port), direct)
        self.assertEqual((direct["rolled_back"], direct["nested"], direct["concurrent"]), (0, ["Outer"], 20))
        self.assertEqual(len(direct["committed"]), 3 if name == "knex" else 2)

    def test_sequelize(self):
        self.check("sequelize")

    def test_knex(self):
        self.check("knex")

    def test_typeorm(self):
        self.check("typeorm")

    def test_django(self):
        self.check("django")
